// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/write_target.h"

#include <algorithm>
#include <array>

#include <fmt/ranges.h>

#include "lib/core/units.h"

namespace trxkit::boot {
namespace {

// Sectors of stick images, which partition tables count in.
constexpr std::uint32_t kSectorSize = 512;

// Places without which the host does not go on (file-hierarchy(7)).
constexpr auto kSystemPlaces = std::to_array<std::string_view>(
    {"/", "/boot", "/boot/efi", "/efi", "/etc", "/home", "/usr", "/var"});

void judge_kind(const DeviceFacts& target, bool allow_fixed, Findings& findings) {
  Where where{target.path, {}};
  if (!target.whole_disk) {
    findings.add("DEV001", where,
                 fmt::format("is no disk but a part of one, or made of others: an image with a "
                             "partition table goes onto a whole disk ({})",
                             target.disk),
                 "name the stick itself: lsblk -o NAME,SIZE,TRAN,MODEL,SERIAL");
  }
  if (!target.removable && !target.usb && !allow_fixed) {
    findings.add("DEV002", where, "is neither removable nor on USB: a disk that is built in",
                 "if it really is to be overwritten, say so with --allow-fixed");
  }
  if (target.sector_size != kSectorSize) {
    findings.add("DEV012", where,
                 fmt::format("has sectors of {} bytes; the image's partition table counts in {}",
                             target.sector_size, kSectorSize),
                 "take a stick with sectors of 512 bytes");
  }
}

void judge_use(const DeviceFacts& target, Findings& findings) {
  Where where{target.path, {}};
  auto is_system = [](const std::string& place) {
    return std::ranges::find(kSystemPlaces, place) != kSystemPlaces.end();
  };
  if (std::ranges::any_of(target.mounts, is_system)) {
    findings.add("DEV006", where,
                 fmt::format("holds the running system ({})", fmt::join(target.mounts, ", ")));
  } else if (!target.mounts.empty()) {
    findings.add("DEV003", where, fmt::format("is mounted on {}", fmt::join(target.mounts, ", ")),
                 fmt::format("umount {}", fmt::join(target.mounts, " ")));
  }
  if (!target.swaps.empty()) {
    findings.add("DEV004", where, fmt::format("is swap: {}", fmt::join(target.swaps, ", ")),
                 fmt::format("swapoff {}", fmt::join(target.swaps, " ")));
  }
  if (!target.holders.empty()) {
    findings.add("DEV005", where,
                 fmt::format("carries {} (RAID, LVM, encryption or a loop device)",
                             fmt::join(target.holders, ", ")),
                 "take that apart first: lsblk shows what it is");
  }
}

}  // namespace

Findings judge_target(const DeviceFacts& target, std::uint64_t image_size, bool allow_fixed) {
  Findings findings;
  if (!target.regular_file) {
    judge_kind(target, allow_fixed, findings);
    judge_use(target, findings);
  }
  if (target.size < image_size) {
    findings.add("DEV007", {target.path, {}},
                 fmt::format("has {} ({} bytes); the image needs {} bytes more",
                             human_size(target.size), target.size, image_size - target.size));
  }
  if (target.read_only) {
    findings.add("DEV008", {target.path, {}}, "cannot be written to",
                 "look for a switch on its side, or run this as a user who may");
  }
  return findings;
}

Findings judge_mapping(const std::string& image, const image::MappedBlocks& blocks) {
  Findings findings;
  for (const image::ByteRange& range : blocks.opaque) {
    findings.add("DEV010", {image, range.offset},
                 fmt::format("{} from {:#x} are nothing that is known here, and written whole",
                             human_size(range.size), range.offset));
  }
  return findings;
}

std::string name_to_confirm(const DeviceFacts& target) {
  if (!target.serial.empty()) return target.serial;
  return target.model.empty() ? target.path : target.model;
}

Status confirm_target(const DeviceFacts& target, const std::string& said) {
  for (const std::string& name : {target.serial, target.model, name_to_confirm(target)}) {
    if (!said.empty() && said == name) return {};
  }
  auto failure =
      fail_at({target.path, {}}, Code::refused, "is {}, not '{}'", describe(target), said);
  failure.error().finding = "DEV011";
  return advise(failure,
                fmt::format("if that is the one that is meant, say: {}", name_to_confirm(target)));
}

std::string describe(const DeviceFacts& target) {
  if (target.regular_file) return fmt::format("a file of {}", human_size(target.size));
  std::string text = target.model.empty() ? "disk without a name" : target.model;
  if (!target.serial.empty()) text += ", serial " + target.serial;
  text += ", " + human_size(target.size);
  if (target.usb) text += ", USB";
  if (target.removable) text += ", removable";
  return text;
}

}  // namespace trxkit::boot
