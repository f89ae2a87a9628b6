// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/entry.h"

#include <string_view>

#include <fmt/format.h>

namespace trxkit::rootfs {
namespace {

class Lines {
 public:
  void add(std::string_view key, std::string_view value) {
    if (!value.empty()) text_ += fmt::format("{} {}\n", key, value);
  }
  void add(std::string_view key, const std::vector<std::string>& values) {
    for (const std::string& value : values) add(key, value);
  }
  std::string text() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace

std::string entry_text(const BootEntry& entry,
                       const std::vector<std::pair<std::string, std::string>>& more) {
  Lines lines;
  lines.add("name", entry.name);
  lines.add("title", entry.title);
  lines.add("priority", std::to_string(entry.priority));
  lines.add("medium", entry.medium);
  lines.add("root", entry.root);
  lines.add("root-sha256", entry.root_sha256);
  lines.add("options", entry.start.options);
  lines.add("init", entry.start.init);
  lines.add("path", entry.start.path);
  lines.add("env", entry.start.environment);
  lines.add("mount", entry.start.mounts);
  lines.add("swap", entry.start.swap);
  lines.add("grow", entry.grow);
  lines.add("network", entry.start.network);
  lines.add("interface", entry.start.interface);
  lines.add("fsck", entry.start.check ? "" : "no");
  lines.add("rescue", entry.start.rescue ? "yes" : "");
  for (const auto& [key, value] : more) lines.add(key, value);
  return lines.text();
}

}  // namespace trxkit::rootfs
