// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "mkbootusb/stick_report.h"

#include <map>
#include <string>

#include "lib/core/units.h"

namespace trxkit {
namespace {

// Paths with the same change in one line.
void say_changes(const rootfs::UsbRoot& root, cli::Report& report) {
  report.say(fmt::format("                  {}{}, starts {}{}", rootfs::name_of(root.kind),
                         root.version.empty() ? "" : fmt::format(" ({})", root.version), root.init,
                         root.changes.empty() ? "; taken as it is" : "; changed in it:"));
  std::map<std::string, std::string> paths;
  for (const rootfs::RootChange& change : root.changes) paths[change.what] += " /" + change.path;
  for (const auto& [what, list] : paths) report.say(fmt::format("      {}:{}", what, list));
}

void say_entry(const boot::EntryResult& entry, cli::Report& report) {
  report.say(fmt::format("  entry           {}", entry.name));
  report.say(fmt::format("    kernel        {}, initramfs of {} inside: {}",
                         human_size(entry.kernel_size), human_size(entry.initramfs_size),
                         entry.embedding));
  report.say(fmt::format("    command line  {}", entry.command_line));
  report.say(fmt::format("    root          USBROOT, {} of files in an ext4 image of {}",
                         human_size(entry.root_content), human_size(entry.root_size)));
  say_changes(entry.root, report);
}

Json json_of(const boot::EntryResult& entry) {
  return Json::object({{"name", entry.name},
                       {"command_line", entry.command_line},
                       {"embedding", entry.embedding},
                       {"initramfs_size", entry.initramfs_size},
                       {"kernel_size", entry.kernel_size},
                       {"root_size", entry.root_size},
                       {"root_uuid", entry.root_uuid}});
}

}  // namespace

void report_stick(const boot::StickResult& result, const boot::StickRequest& request,
                  const std::string& target, cli::Report& report) {
  std::string size =
      result.image_size == 0 ? "" : fmt::format(" ({})", human_size(result.image_size));
  report.say(fmt::format("{}{}: boots {} from USB", target, size, request.board.model));
  report.say(fmt::format("  boot partition  USBBOOT, {}, id {}", name_of(request.layout.filesystem),
                         result.medium));
  Json entries = Json::array();
  for (const boot::EntryResult& entry : result.entries) {
    say_entry(entry, report);
    entries.push(json_of(entry));
  }
  report.result("manifest", result.manifest.json());
  report.result("output", target);
  report.result("image_size", result.image_size);
  report.result("medium", result.medium);
  report.result("entries", std::move(entries));
}

boot::Progress progress_of(cli::Report& report) {
  return [&report](std::string_view step, std::uint64_t done, std::uint64_t total) {
    report.progress(step, done, total);
  };
}

}  // namespace trxkit
