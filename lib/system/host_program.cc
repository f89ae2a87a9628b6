// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/system/host_program.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include <unistd.h>

namespace trxkit {
namespace {

struct ToolPackage {
  std::string_view tool;
  std::string_view package;
};

// Debian 12 packages of the programs that any room starts.
constexpr std::array<ToolPackage, 14> kPackages{{{"tar2sqfs", "squashfs-tools-ng"},
                                                 {"rdsquashfs", "squashfs-tools-ng"},
                                                 {"sqfs2tar", "squashfs-tools-ng"},
                                                 {"mksquashfs", "squashfs-tools"},
                                                 {"fakeroot", "fakeroot"},
                                                 {"mke2fs", "e2fsprogs"},
                                                 {"mcopy", "mtools"},
                                                 {"mformat", "mtools"},
                                                 {"mdir", "mtools"},
                                                 {"e2fsck", "e2fsprogs"},
                                                 {"debugfs", "e2fsprogs"},
                                                 {"resize2fs", "e2fsprogs"},
                                                 {"fsck.fat", "dosfstools"},
                                                 {"qemu-system-mipsel", "qemu-system-mips"}}};

std::unexpected<Error> not_found(const std::string& name) {
  auto failure = fail(Code::external_tool, "the program {} was not found", name);
  for (const ToolPackage& entry : kPackages) {
    if (entry.tool == name) {
      return advise(std::move(failure), fmt::format("apt-get install {}", entry.package));
    }
  }
  return failure;
}

}  // namespace

Result<std::string> find_program(const std::string& name, const std::string& search_path) {
  if (name.contains('/')) return name;
  std::string_view rest = search_path;
  while (!rest.empty()) {
    std::string_view folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
    std::string candidate = fmt::format("{}/{}", folder, name);
    std::error_code ignored;
    bool usable = std::filesystem::is_regular_file(candidate, ignored) &&
                  access(candidate.c_str(), X_OK) == 0;
    if (!folder.empty() && usable) return candidate;
  }
  return not_found(name);
}

}  // namespace trxkit
