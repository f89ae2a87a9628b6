// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/serve.h"

#include <cerrno>
#include <csignal>
#include <cstring>

#include <arpa/inet.h>
#include <microhttpd.h>
#include <unistd.h>

#include "lib/boot/byte_range.h"
#include "lib/boot/served_file.h"

namespace trxkit::boot {

struct TreeServer::State {
  std::filesystem::path folder;
  std::string board;
  std::string prefix;
  Env env;
  std::function<void(const ServedRequest&)> told;
  MHD_Daemon* daemon = nullptr;

  ~State() {
    if (daemon != nullptr) MHD_stop_daemon(daemon);
  }
};

namespace {

// A router fetches one file after another; a second router, and somebody's browser, fit as well.
constexpr unsigned kConnections = 16;
constexpr unsigned kSilence = 60;  // seconds

struct ResponseEnd {
  void operator()(MHD_Response* response) const { MHD_destroy_response(response); }
};
using Response = std::unique_ptr<MHD_Response, ResponseEnd>;

std::string client_of(MHD_Connection* connection) {
  const MHD_ConnectionInfo* info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  char text[INET_ADDRSTRLEN] = "";
  if (info == nullptr || info->client_addr->sa_family != AF_INET) return "-";
  sockaddr_in address{};
  std::memcpy(&address, info->client_addr, sizeof(address));
  ::inet_ntop(AF_INET, &address.sin_addr, text, sizeof(text));
  return text;
}

// The file that `path` asks for: "/boot/BOARD/NAME". The manifest is read each time, so that a tree
// may be renewed while it is served.
std::optional<ServedFile> find(const TreeServer::State& state, std::string_view path) {
  if (!path.starts_with(state.prefix + "/")) return std::nullopt;
  path.remove_prefix(state.prefix.size() + 1);
  auto manifest = read_trusted_manifest(state.folder, state.env);
  if (!manifest) return std::nullopt;
  return open_served_file(state.folder, *manifest, path);
}

Response plain(const char* text) {
  return Response(MHD_create_response_from_buffer(std::strlen(text), const_cast<char*>(text),
                                                  MHD_RESPMEM_PERSISTENT));
}

const char* header_of(MHD_Connection* connection, const char* name) {
  const char* value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
  return value == nullptr ? "" : value;
}

// What the request wants of `file`. A range belongs to GET alone (RFC 9110, 14.2), and to the file
// whose tag stands in If-Range, where that is given; a date there is never ours.
ByteRange range_of(MHD_Connection* connection, const ServedFile& file,
                   const ServedRequest& request) {
  const std::string_view wanted = header_of(connection, MHD_HTTP_HEADER_RANGE);
  const std::string_view tag = header_of(connection, MHD_HTTP_HEADER_IF_RANGE);
  bool ignored = request.method != "GET" || (!tag.empty() && tag != file.tag);
  return requested_range(ignored ? std::string_view() : wanted, file.size);
}

void add_header(const Response& response, const char* name, const std::string& value) {
  MHD_add_response_header(response.get(), name, value.c_str());
}

Response unsatisfiable(const ServedFile& file, ServedRequest& request) {
  Response response = plain("the file ends before that\n");
  request.status = MHD_HTTP_RANGE_NOT_SATISFIABLE;
  if (response) {
    add_header(response, MHD_HTTP_HEADER_CONTENT_RANGE, fmt::format("bytes */{}", file.size));
  }
  return response;
}

Response contents(MHD_Connection* connection, const ServedFile& file, ServedRequest& request) {
  ByteRange range = range_of(connection, file, request);
  if (range.kind == ByteRange::Kind::unsatisfiable) return unsatisfiable(file, request);
  request.size = range.size;
  request.status = MHD_HTTP_OK;
  Response response(MHD_create_response_from_fd_at_offset64(
      range.size, ::dup(file.descriptor.get()), range.first));
  if (!response) return response;
  add_header(response, MHD_HTTP_HEADER_ACCEPT_RANGES, "bytes");
  add_header(response, MHD_HTTP_HEADER_ETAG, file.tag);
  if (range.kind == ByteRange::Kind::part) {
    request.status = MHD_HTTP_PARTIAL_CONTENT;
    add_header(response, MHD_HTTP_HEADER_CONTENT_RANGE,
               fmt::format("bytes {}-{}/{}", range.first, range.first + range.size - 1, file.size));
  }
  return response;
}

MHD_Result answer(TreeServer::State& state, MHD_Connection* connection, ServedRequest& request) {
  Response response;
  if (request.method != "GET" && request.method != "HEAD") {
    request.status = MHD_HTTP_METHOD_NOT_ALLOWED;
    response = plain("only GET and HEAD\n");
    if (response) MHD_add_response_header(response.get(), MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
  } else if (auto file = find(state, request.path)) {
    response = contents(connection, *file, request);
  } else {
    request.status = MHD_HTTP_NOT_FOUND;
    response = plain("boot.manifest names no such file\n");
  }
  if (!response) return MHD_NO;
  return MHD_queue_response(connection, request.status, response.get());
}

// libmicrohttpd calls first with the head of the request, then for each piece of its body, then
// once more for the answer.
MHD_Result handle(void* context, MHD_Connection* connection, const char* path, const char* method,
                  const char*, const char*, std::size_t* size, void** exchange) {
  auto* state = static_cast<TreeServer::State*>(context);
  if (*exchange == nullptr) {
    *exchange = new ServedRequest{.client = client_of(connection), .method = method, .path = path};
    return MHD_YES;
  }
  if (*size > 0) {
    *size = 0;  // a body is not wanted
    return MHD_YES;
  }
  return answer(*state, connection, *static_cast<ServedRequest*>(*exchange));
}

void completed(void* context, MHD_Connection*, void** exchange, MHD_RequestTerminationCode code) {
  std::unique_ptr<ServedRequest> request(static_cast<ServedRequest*>(*exchange));
  *exchange = nullptr;
  if (!request) return;
  request->complete = code == MHD_REQUEST_TERMINATED_COMPLETED_OK;
  static_cast<TreeServer::State*>(context)->told(*request);
}

Result<sockaddr_in> address_of(const ServeRequest& request) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(request.port);
  if (::inet_pton(AF_INET, request.address.c_str(), &address.sin_addr) == 1) return address;
  return advise(fail(Code::usage, "\"{}\" is no IPv4 address", request.address),
                "use one of this machine, or 0.0.0.0 for all of them");
}

sigset_t end_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

}  // namespace

Result<TreeServer> TreeServer::start(const ServeRequest& request,
                                     std::function<void(const ServedRequest&)> told,
                                     const Env& env) {
  auto state = std::make_unique<State>();
  state->folder = TRY(manifest_folder(request.directory));
  state->board = TRY(read_trusted_manifest(state->folder, env)).board;
  state->prefix = "/boot/" + state->board;
  state->env = env;
  state->told = std::move(told);
  sockaddr_in address = TRY(address_of(request));
  state->daemon = MHD_start_daemon(
      MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD, request.port, nullptr, nullptr, handle,
      state.get(), MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_CONNECTION_LIMIT, kConnections,
      MHD_OPTION_CONNECTION_TIMEOUT, kSilence, MHD_OPTION_NOTIFY_COMPLETED, completed, state.get(),
      MHD_OPTION_END);
  if (state->daemon == nullptr) {
    return advise(
        fail(Code::io, "cannot listen at {}:{}: {}", request.address, request.port,
             std::strerror(errno)),  // NOLINT(concurrency-mt-unsafe)
        "another server may have the port (--port), or the address is not this machine's");
  }
  return TreeServer(std::move(state));
}

TreeServer::TreeServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
TreeServer::TreeServer(TreeServer&&) noexcept = default;
TreeServer& TreeServer::operator=(TreeServer&&) noexcept = default;
TreeServer::~TreeServer() = default;

std::uint16_t TreeServer::port() const {
  return MHD_get_daemon_info(state_->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

const std::string& TreeServer::prefix() const {
  return state_->prefix;
}

const std::string& TreeServer::board() const {
  return state_->board;
}

void block_end_signals() {
  sigset_t signals = end_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void wait_for_end_signal() {
  sigset_t signals = end_signals();
  int number = 0;
  ::sigwait(&signals, &number);
}

}  // namespace trxkit::boot
