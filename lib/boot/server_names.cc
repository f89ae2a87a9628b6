// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/server_names.h"

#include <algorithm>
#include <cstdint>

#include "lib/core/field_text.h"

namespace trxkit::boot {
namespace {

constexpr std::size_t kLongestInterface = 15;  // IFNAMSIZ of linux/if.h with its NUL

/// Letters, digits and `more`: what needs no quoting anywhere on its way.
bool is_plain(std::string_view text, std::string_view more) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || more.contains(c);
  });
}

constexpr std::string_view kInPaths = "-._~/+@%=,";

/// Cuts `text` up to the first `mark`; what is behind it stays. All of it where there is none.
std::string_view take(std::string_view& text, char mark) {
  std::size_t end = text.find(mark);
  std::string_view head = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return head;
}

/// "HOST[:PORT]"
bool is_server(std::string_view text) {
  bool with_port = text.contains(':');
  std::string_view host = take(text, ':');
  return ipv4_address(host) && (!with_port || decimal_number(text, 65535).value_or(0) != 0);
}

/// "/DIR" without ".."
bool is_path(std::string_view text) {
  return text.starts_with('/') && is_plain(text, kInPaths) &&
         !(std::string(text) + "/").contains("/../");
}

/// "HOST[:PORT]/PATH"
bool is_url_rest(std::string_view text) {
  std::size_t slash = text.find('/');
  return slash != std::string_view::npos && is_server(text.substr(0, slash)) &&
         text.size() > slash + 1 && is_path(text.substr(slash));
}

/// "HOST[:PORT]/EXPORT"
bool is_export(std::string_view text) {
  std::string_view server = take(text, '/');
  return is_server(server) && is_plain(text, "-._/");
}

/// "HOST:/DIR"
bool is_share(std::string_view text) {
  std::string_view host = take(text, ':');
  return ipv4_address(host) && is_path(text);
}

/// Cuts "...:PATH" off `text`.
std::string_view cut_path(std::string_view& text) {
  std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return {};
  std::string_view path = text.substr(colon + 1);
  text = text.substr(0, colon);
  return path;
}

bool starts_off(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool is_good_root(std::string_view root) {
  if (starts_off(root, "nbd:")) return is_export(root);
  if (starts_off(root, "nfs:")) return is_share(root);
  if (root.starts_with("http:http:")) root.remove_prefix(5);
  return starts_off(root, "http://") && is_url_rest(root);
}

bool is_good_source(std::string_view kernel) {
  if (starts_off(kernel, "http://")) return is_url_rest(kernel);
  bool nbd = kernel.starts_with("nbd:");
  kernel.remove_prefix(std::string_view("nbd:").size());
  std::string path = "/" + std::string(cut_path(kernel));
  return path.size() > 1 && is_path(path) && (nbd ? is_export(kernel) : is_share(kernel));
}

}  // namespace

bool is_on_server(std::string_view root) {
  return root.starts_with("nbd:") || root.starts_with("nfs:") || root.starts_with("http:");
}

Status check_server_root(const std::string& root) {
  if (is_on_server(root) && is_good_root(root)) return {};
  return advise(fail(Code::usage, "\"{}\" names no root on a server", root),
                "write nbd:HOST[:PORT]/EXPORT, nfs:HOST:/PATH or http://HOST[:PORT]/PATH, with the "
                "host's address");
}

bool is_kernel_source(std::string_view kernel) {
  return kernel.starts_with("nbd:") || kernel.starts_with("nfs:") || kernel.starts_with("http:");
}

Status check_kernel_source(const std::string& kernel) {
  if (is_kernel_source(kernel) && is_good_source(kernel)) return {};
  return advise(fail(Code::usage, "\"{}\" names no kernel on a server", kernel),
                "write http://HOST[:PORT]/PATH, nbd:HOST[:PORT]/EXPORT:PATH or nfs:HOST:/DIR:PATH, "
                "with the host's address");
}

Status check_network(const std::string& network) {
  if (network.empty() || network == "dhcp") return {};
  std::string_view bits = network;
  auto host = ipv4_address(take(bits, '/'));
  auto size = decimal_number(bits, 30);
  if (host && size.value_or(0) > 0) {
    // Neither the network itself nor its broadcast address.
    std::uint32_t own = *host & (0xFFFFFFFFu >> *size);
    if (own != 0 && own != 0xFFFFFFFFu >> *size && (*host >> 24) != 127) return {};
  }
  return advise(fail(Code::usage, "\"{}\" is no address of a router", network),
                "write dhcp, or A.B.C.D/N such as 192.168.1.1/24");
}

Status check_interface(const std::string& name) {
  if (name.empty() || (name.size() <= kLongestInterface && is_plain(name, "-._@") && name != "." &&
                       name != ".." && name.front() != '-')) {
    return {};
  }
  return fail(Code::usage, "\"{}\" cannot be the name of a network interface", name);
}

}  // namespace trxkit::boot
