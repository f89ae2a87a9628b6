// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Boot entries as text: one "key value" line each, as /init and boot.sh read them.
#include "lib/rootfs/initramfs.h"

namespace trxkit::rootfs {

std::string entry_text(const BootEntry& entry,
                       const std::vector<std::pair<std::string, std::string>>& more) {
  std::string text;
  auto line = [&text](std::string_view key, std::string_view value) {
    if (!value.empty()) text += fmt::format("{} {}\n", key, value);
  };
  line("name", entry.name);
  line("title", entry.title);
  line("priority", std::to_string(entry.priority));
  line("medium", entry.medium);
  line("root", entry.root);
  line("options", entry.options);
  line("init", entry.init);
  for (const auto& [key, value] : more) line(key, value);
  return text;
}

}  // namespace trxkit::rootfs
