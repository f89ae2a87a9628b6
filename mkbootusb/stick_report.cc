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

const char* text_of(boot::RootForm form) {
  if (form == boot::RootForm::squashfs) return "a squashfs image";
  if (form == boot::RootForm::archive) return "a tar";
  return form == boot::RootForm::image ? "an ext4 image" : "an ext4 partition";
}

void say_partition(const boot::StickPartition& partition, cli::Report& report) {
  report.say(fmt::format("  partition       {}, {} of {}, id {}{}{}", partition.label,
                         partition.filesystem, human_size(partition.size), partition.id,
                         partition.partition_id.empty() ? "" : ", PARTUUID ",
                         partition.partition_id));
}

Json json_of(const boot::StickPartition& partition) {
  return Json::object({{"label", partition.label},
                       {"filesystem", partition.filesystem},
                       {"id", partition.id},
                       {"partuuid", partition.partition_id},
                       {"offset", partition.offset},
                       {"size", partition.size}});
}

void say_entry(const boot::EntryResult& entry, cli::Report& report) {
  report.say(fmt::format("  entry           {}", entry.name));
  report.say(fmt::format("    kernel        {}, initramfs of {} inside: {}",
                         human_size(entry.kernel_size), human_size(entry.initramfs_size),
                         entry.embedding));
  report.say(fmt::format("    command line  {}", entry.command_line));
  if (!entry.server_root.empty()) {
    report.say(fmt::format("    root          on the server: {}", entry.server_root));
  }
  if (entry.root_form == boot::RootForm::none) return;
  report.say(fmt::format("    root          {} of files in {} of {}",
                         human_size(entry.root_content), text_of(entry.root_form),
                         human_size(entry.root_size)));
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
  Json partitions = Json::array();
  for (const boot::StickPartition& partition : result.partitions) {
    say_partition(partition, report);
    partitions.push(json_of(partition));
  }
  Json left = Json::array();
  for (const std::string& root : result.left) {
    report.say(fmt::format("  left            {}, a root of before; it may be removed", root));
    left.push(root);
  }
  Json entries = Json::array();
  for (const boot::EntryResult& entry : result.entries) {
    say_entry(entry, report);
    entries.push(json_of(entry));
  }
  report.result("manifest", result.manifest.json());
  report.result("output", target);
  report.result("image_size", result.image_size);
  report.result("medium", result.medium);
  report.result("partitions", std::move(partitions));
  report.result("entries", std::move(entries));
  report.result("left", std::move(left));
}

boot::Progress progress_of(cli::Report& report) {
  return [&report](std::string_view step, std::uint64_t done, std::uint64_t total) {
    report.progress(step, done, total);
  };
}

}  // namespace trxkit
