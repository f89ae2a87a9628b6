// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/initramfs_additions.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "lib/rootfs/program.h"
#include "lib/system/file.h"

namespace trxkit::rootfs {
namespace {

constexpr std::uint64_t kLargestHook = 64 << 10;

std::string last_name(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

// The name under which /init looks for a checker like `path`; empty for an unknown one. The names
// are those of e2fsprogs, of dosfstools, and of Debian's package e2fsck-static.
std::string checker_name(const std::string& path) {
  std::string name = std::filesystem::path(path).filename().replace_extension().string();
  if (last_name(path).starts_with("fsck.")) name = last_name(path);
  for (const char* known : {"e2fsck", "fsck.ext2", "fsck.ext3", "fsck.ext4"}) {
    if (name == known) return "e2fsck";
  }
  for (const char* known : {"fsck.fat", "fsck.vfat", "fsck.msdos", "dosfsck"}) {
    if (name == known) return "fsck.fat";
  }
  return {};
}

Status add_checker(archive::MemoryTree& tree, const std::string& path, const Env& env) {
  std::string name = checker_name(path);
  if (name.empty()) {
    return advise(
        fail(Code::usage, "\"{}\" is the name of no file system checker", last_name(path)),
        "e2fsck (or e2fsck.static) and fsck.fat are known");
  }
  return add_static_program(tree, "sbin/" + name, path, env);
}

// Hook files are sourced in the order of their names; the shell's "*" does not see hidden ones.
Status check_hook_name(const std::string& path) {
  auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  std::string name = last_name(path);
  if (!name.empty() && name.front() != '.' && std::ranges::all_of(name, allowed)) return {};
  return advise(fail(Code::usage, "\"{}\" cannot be the name of a hook", name),
                "use letters, digits, '.', '-' and '_', not '.' first");
}

Result<std::string> hook_text(const std::string& path, const Env& env) {
  std::string text = TRY(read_text_file(path, env, kLargestHook));
  if (text.contains('\r')) {
    return advise(fail_at({path, text.find('\r')}, Code::bad_input, "has a carriage return"),
                  "a shell takes it for a part of the word before it: save the hook with Unix line "
                  "ends");
  }
  if (text.contains('\0')) {
    return fail_at({path, text.find('\0')}, Code::bad_input, "is no text, so no hook");
  }
  if (!text.ends_with('\n')) text += '\n';
  return text;
}

Status add_hooks(archive::MemoryTree& tree, const std::vector<Hook>& hooks, const Env& env) {
  std::set<std::string> paths;
  for (const Hook& hook : hooks) {
    TRY(check_hook_name(hook.file));
    std::string folder = fmt::format("etc/usbboot/{}.d", name_of(hook.stage));
    std::string path = folder + "/" + last_name(hook.file);
    if (!paths.insert(path).second) {
      return advise(fail(Code::usage, "two hooks are called {}", path), "rename one of the files");
    }
    if (paths.insert(folder).second) tree.add_directory(folder);
    tree.add_text(path, TRY(hook_text(hook.file, env)));
  }
  return {};
}

}  // namespace

const char* name_of(HookStage stage) {
  switch (stage) {
    case HookStage::swap:
      return "swap";
    case HookStage::root:
      return "root";
    case HookStage::mounts:
      return "mounts";
  }
  return "";
}

std::vector<std::string> InitramfsAdditions::files_read() const {
  std::vector<std::string> files = checkers;
  for (const Hook& hook : hooks) files.push_back(hook.file);
  if (!nbd_client.empty()) files.push_back(nbd_client);
  if (!resize2fs.empty()) files.push_back(resize2fs);
  return files;
}

bool InitramfsAdditions::has_e2fsck() const {
  return std::ranges::any_of(
      checkers, [](const std::string& path) { return checker_name(path) == "e2fsck"; });
}

Status add_additions(archive::MemoryTree& tree, const InitramfsAdditions& additions,
                     const Env& env) {
  for (const std::string& checker : additions.checkers) TRY(add_checker(tree, checker, env));
  if (!additions.nbd_client.empty()) {
    TRY(add_static_program(tree, "sbin/nbd-client", additions.nbd_client, env));
  }
  if (!additions.resize2fs.empty()) {
    TRY(add_static_program(tree, "sbin/resize2fs", additions.resize2fs, env));
  }
  return add_hooks(tree, additions.hooks, env);
}

}  // namespace trxkit::rootfs
