// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include <limits>
#include <memory>
#include <mutex>

#include "lib/boot/serve.h"

#include "mkbootusb/commands.h"

namespace trxkit {
namespace {

constexpr std::uint64_t kHighestPort = std::numeric_limits<std::uint16_t>::max();

struct ServeOptions {
  std::optional<std::uint64_t> port;
  boot::ServeRequest request;
};

std::string line_of(const boot::ServedRequest& request) {
  return fmt::format("{} {} {} {} {}{}", request.client, request.method, request.path,
                     request.status, request.size, request.complete ? "" : " (cut off)");
}

Result<int> run_serve(const ServeOptions& options, const Env& env, cli::Report& report) {
  boot::ServeRequest request = options.request;
  if (options.port) request.port = static_cast<std::uint16_t>(*options.port);
  boot::block_end_signals();
  std::uint64_t answered = 0;
  std::mutex talk;
  auto told = [&](const boot::ServedRequest& served) {
    std::scoped_lock lock(talk);
    ++answered;
    report.note(line_of(served));
  };
  std::optional<boot::TreeServer> server = TRY(boot::TreeServer::start(request, told, env));
  {
    std::scoped_lock lock(talk);
    report.note(fmt::format("serving http://{}:{}{}; Ctrl-C ends it", request.address,
                            server->port(), server->prefix()));
  }
  boot::wait_for_end_signal();
  server.reset();
  report.result("directory", request.directory);
  report.result("requests", answered);
  report.say(fmt::format("{} requests were answered", answered));
  return 0;
}

}  // namespace

void add_serve(cli::Program& program) {
  auto options = std::make_shared<ServeOptions>();
  program.verb("serve", "serve a boot tree over HTTP, to one router")
      .text("directory", options->request.directory, "folder of mkbootusb tree or netboot",
            cli::Verb::required)
      .text("--address", options->request.address,
            "IPv4 address of this machine to listen at (default 0.0.0.0: all)")
      .number("--port", options->port, {.largest = kHighestPort},
              "TCP port (default 8080; 0: any that is free)")
      .action([options](const Env& env, cli::Report& report) {
        return run_serve(*options, env, report);
      });
}

}  // namespace trxkit
