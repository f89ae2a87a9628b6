// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/module_release.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace trxkit::rootfs {
namespace {

constexpr std::string_view kKey = "vermagic=";
constexpr std::size_t kHead = 64;
// No release is longer (linux include/uapi/linux/utsname.h, __NEW_UTS_LEN).
constexpr std::size_t kLongestRelease = 64;

// The first word behind the key that `text` starts with.
std::string release_in(std::string_view text) {
  text.remove_prefix(kKey.size());
  return std::string(text.substr(0, text.find_first_of(std::string_view(" \0", 2))));
}

}  // namespace

Result<ModuleIdentity> identify_module(archive::Reader& reader) {
  ModuleIdentity module;
  std::vector<std::byte> block(64 * 1024);
  std::string held;
  while (std::size_t got = TRY(reader.read(block))) {
    std::string_view fresh = as_text(Bytes(block).first(got));
    module.head += fresh.substr(0, kHead - module.head.size());
    if (!module.release.empty()) continue;
    held += fresh;
    std::size_t key = held.find(kKey);
    bool found = key != std::string::npos;
    held.erase(0, found ? key : held.size() - std::min(held.size(), kKey.size()));
    bool whole = held.size() > kKey.size() + kLongestRelease;
    if (found && whole) module.release = release_in(held);
  }
  if (module.release.empty() && held.starts_with(kKey)) module.release = release_in(held);
  return module;
}

}  // namespace trxkit::rootfs
