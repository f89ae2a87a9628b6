// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/start.h"

#include <algorithm>
#include <sstream>
#include <string_view>

#include "lib/boot/entry.h"
#include "lib/boot/server_names.h"
#include "lib/rootfs/inputs.h"

namespace trxkit::boot {
namespace {

bool has_blank(std::string_view text) {
  return text.find_first_of(" \t") != std::string_view::npos;
}

// "/a/b": absolute, without ".." and blanks.
bool is_plain_path(std::string_view path) {
  std::string closed = std::string(path) + "/";
  return path.starts_with('/') && !has_blank(path) && !closed.contains("/../");
}

bool is_variable_name(std::string_view name) {
  auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && !(name.front() >= '0' && name.front() <= '9') &&
         std::ranges::all_of(name, allowed);
}

Status check_init(const std::string& init) {
  TRY(check_entry_value("the init", init));
  if (is_plain_path(init)) return {};
  return advise(fail(Code::usage, "\"{}\" cannot be the init of a boot entry", init),
                "give its path in the root, such as /sbin/init");
}

// Words behind each other would be cut apart by the router's shell.
Status check_word(const std::string& what, const std::string& value) {
  TRY(check_entry_value(what, value));
  if (!has_blank(value)) return {};
  return fail(Code::usage, "{} of a boot entry has no blanks: \"{}\"", what, value);
}

Status check_variable(const std::string& variable) {
  TRY(check_entry_value("a variable", variable));
  std::size_t end = variable.find('=');
  if (end != std::string::npos && is_variable_name(variable.substr(0, end))) return {};
  return advise(fail(Code::usage, "\"{}\" sets no variable", variable), "write NAME=VALUE");
}

Status check_mount(const std::string& mount) {
  TRY(check_entry_value("a mount", mount));
  std::istringstream words(mount);
  std::string source, target, type, options, more;
  words >> source >> target >> type >> options;
  bool complete = !options.empty() && !(words >> more);
  if (complete && is_plain_path(target) && target != "/") return {};
  return advise(fail(Code::usage, "\"{}\" is no mount of a boot entry", mount),
                "write SOURCE TARGET TYPE OPTIONS, such as \"label:USBDATA /opt ext4 rw,nofail\"");
}

Status check_swap(const std::string& swap) {
  TRY(check_word("the swap", swap));
  bool named = (swap.starts_with("label:") || swap.starts_with("uuid:")) && !swap.ends_with(':');
  if (swap.empty() || swap == "none" || named) return {};
  return advise(fail(Code::usage, "\"{}\" names no swap partition", swap),
                "write label:L, uuid:U or none");
}

}  // namespace

Status check_start(const rootfs::StartSettings& settings) {
  TRY(check_word("the options", settings.options));
  TRY(check_init(settings.init));
  TRY(check_word("the path", settings.path));
  TRY(check_swap(settings.swap));
  TRY(check_network(settings.network));
  TRY(check_interface(settings.interface));
  for (const std::string& variable : settings.environment) TRY(check_variable(variable));
  for (const std::string& mount : settings.mounts) TRY(check_mount(mount));
  return {};
}

Result<std::vector<ManifestFile>> describe_additions(const rootfs::InitramfsAdditions& additions,
                                                     const Env& env) {
  std::vector<ManifestFile> files;
  for (const std::string& path : additions.checkers) {
    files.push_back(TRY(rootfs::describe_file("fsck", path, env)));
  }
  if (!additions.nbd_client.empty()) {
    files.push_back(TRY(rootfs::describe_file("nbd-client", additions.nbd_client, env)));
  }
  if (!additions.resize2fs.empty()) {
    files.push_back(TRY(rootfs::describe_file("resize2fs", additions.resize2fs, env)));
  }
  for (const rootfs::Hook& hook : additions.hooks) {
    std::string role = std::string("hook-") + rootfs::name_of(hook.stage);
    files.push_back(TRY(rootfs::describe_file(role, hook.file, env)));
  }
  return files;
}

}  // namespace trxkit::boot
