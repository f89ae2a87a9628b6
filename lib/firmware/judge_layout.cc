// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The rules of a flash (MAP001 to MAP011), each a function of its own. They judge what
// flash_layout.cc reckons.
#include <algorithm>

#include "lib/core/bytes.h"
#include "lib/core/units.h"
#include "lib/firmware/flash_layout.h"

namespace trxkit::firmware {
namespace {

using board::Board;
using board::PartitionRole;

// "Too few erase blocks": linux fs/jffs2/fs.c, jffs2_do_fill_super().
constexpr std::uint64_t kJffs2Blocks = 5;

class Judge {
 public:
  Judge(const Board& board, const ImageLayout& layout)
      : board_(board), layout_(layout), start_(firmware_offset(board)) {}

  Findings run();

 private:
  Where at(std::uint64_t trx_relative) const {
    return {.file = layout_.file, .offset = saturating_sum(layout_.trx_offset, trx_relative)};
  }
  std::uint64_t end() const { return end_in_chip(board_, layout_); }
  void fits();
  void squashfs_alignment();
  void writable_blocks();
  void markers();
  void room_left();
  void upload();
  void uncertain_values();

  const Board& board_;
  const ImageLayout& layout_;
  std::uint64_t start_;
  Findings findings_;
};

void Judge::fits() {
  const board::FlashPartition& firmware = *board_.partition(PartitionRole::firmware);
  std::uint64_t partition_end = *firmware.offset + *firmware.size;
  std::uint64_t limit = firmware_limit(board_);
  if (end() <= limit) return;
  bool behind_partition = end() > partition_end;
  std::uint64_t over = end() - limit;
  std::uint64_t block = board_.flash.largest_erase_size;
  std::string what =
      fmt::format("the image ends at {:#x} of the flash, {} byte{} ({}) behind {:#x}", end(), over,
                  plural(over), erase_blocks(over, block), limit);
  if (behind_partition) {
    findings_.add("MAP001", at(0), what + ", the end of its room" + largest_part(layout_),
                  fmt::format("make it at least {} byte{} smaller", over, plural(over)));
    return;
  }
  findings_.add("MAP002", at(0),
                what + ", where nvram's erase block may start" + largest_part(layout_),
                fmt::format("make it smaller, or say which erase size the chip has if it is not {}",
                            human_size(block)));
}

void Judge::squashfs_alignment() {
  if (!layout_.squashfs_offset) return;
  std::uint64_t place = saturating_sum(start_, *layout_.squashfs_offset);
  std::uint64_t likely = *board_.flash.erase_size;
  std::uint64_t largest = board_.flash.largest_erase_size;
  std::string hint = fmt::format("it has to start at {:#x} of the image",
                                 squashfs_place(board_, *layout_.squashfs_offset));
  if (place % likely != 0) {
    findings_.add("MAP003", at(*layout_.squashfs_offset),
                  fmt::format("the squashfs starts at {:#x} of the flash, not at an erase block of "
                              "{}: the kernel will not find it",
                              place, human_size(likely)),
                  hint);
  } else if (place % largest != 0) {
    findings_.add("MAP004", at(*layout_.squashfs_offset),
                  fmt::format("the squashfs starts at {:#x} of the flash: not at an erase block if "
                              "those have {}",
                              place, human_size(largest)),
                  hint);
  }
}

// A running system writes from the first erase block behind the squashfs on (JFFS2). What the boot
// loader's CRC covers has to end before, or the first write makes the image unbootable (CFE
// ui_bcm947xx.c; OpenWrt package/system/mtd/src/trx.c exists to repair that).
void Judge::writable_blocks() {
  if (!layout_.squashfs_end) return;
  std::uint64_t squashfs_end = saturating_sum(start_, *layout_.squashfs_end);
  std::uint64_t writable = align_up(squashfs_end, *board_.flash.erase_size);
  std::uint64_t covered = saturating_sum(start_, layout_.length);
  if (covered <= writable) return;
  findings_.add(
      "MAP005", at(0x4),
      fmt::format("the length of {:#x} covers {} byte{} of the erase blocks behind the "
                  "squashfs (from {:#x} of the flash): the first write there breaks the "
                  "CRC, and the boot loader refuses the next start",
                  layout_.length, covered - writable, plural(covered - writable), writable),
      "end length with the squashfs; the JFFS2 marker belongs behind it");
}

void Judge::markers() {
  if (!layout_.squashfs_end || layout_.from_flash) return;
  std::vector<std::uint64_t> places = marker_places(board_, *layout_.squashfs_end);
  auto has = [&](std::uint64_t place) {
    return std::ranges::find(layout_.markers, place) != layout_.markers.end();
  };
  if (layout_.markers.empty()) {
    findings_.add(
        "MAP006", at(*layout_.squashfs_end),
        "there is no JFFS2 marker behind the squashfs: a system that keeps its settings in "
        "flash will keep none",
        fmt::format("the marker DE AD C0 DE belongs at {:#x} of the image", places.front()));
    return;
  }
  std::size_t missing = static_cast<std::size_t>(
      std::ranges::count_if(places, [&](std::uint64_t place) { return !has(place); }));
  if (missing == 0) return;
  std::string expected = fmt::format("{:#x}", fmt::join(places, " and "));
  findings_.add(
      "MAP007", at(layout_.markers.front()),
      fmt::format("the JFFS2 marker is at {:#x} of the image; the first erase block behind "
                  "the squashfs is at {}",
                  layout_.markers.front(), expected),
      places.size() == 1 ? "" : "one for each erase size that the chip may have");
}

void Judge::room_left() {
  std::uint64_t limit = firmware_limit(board_);
  if (end() > limit) return;
  std::uint64_t block = board_.flash.largest_erase_size;
  std::uint64_t left = room_behind(board_, layout_);
  if (layout_.squashfs_end && left < kJffs2Blocks * block) {
    findings_.add(
        "MAP008", at(*layout_.squashfs_end),
        fmt::format("{} behind the squashfs: JFFS2 needs at least {}",
                    left == 0 ? "no erase block is left" : erase_blocks(left, block) + " left",
                    erase_blocks(kJffs2Blocks * block, block)),
        "without them a system in flash keeps no settings");
  }
  std::uint64_t headroom = limit - end();
  findings_.add("MAP009", {.file = layout_.file, .offset = {}},
                fmt::format("fits, {} byte{} ({}) left up to {:#x}", headroom, plural(headroom),
                            human_size(headroom), limit));
}

void Judge::upload() {
  if (!board_.boot_loader.proven_upload || layout_.from_flash) return;
  std::uint64_t proven = *board_.boot_loader.proven_upload;
  std::uint64_t size = std::max(layout_.length, layout_.written_size);
  if (size <= proven) return;
  findings_.add("MAP010", {.file = layout_.file, .offset = {}},
                fmt::format("{} bytes: the largest image that is known to have been uploaded to "
                            "this boot loader had {}",
                            size, proven));
}

void Judge::uncertain_values() {
  const board::FlashPartition* firmware = board_.partition(PartitionRole::firmware);
  auto note = [&](std::string_view what, const auto& fact) {
    if (fact.confidence == board::Confidence::log || fact.confidence == board::Confidence::source) {
      return;
    }
    Where where{.file = board_.file, .offset = {}, .line = fact.line};
    findings_.add(
        "MAP011", std::move(where),
        fmt::format("{} of {:#x} is {}{}{}", what, *fact,
                    fact.confidence == board::Confidence::guess ? "a guess" : "only inferred",
                    fact.source.empty() ? "" : ": ", fact.source));
  };
  note("the erase block size", board_.flash.erase_size);
  note("the start of the firmware", firmware->offset);
  note("the room for the firmware", firmware->size);
  note("the magic", board_.trx.magic);
  note("the load address of the boot loader", board_.boot_loader.load_address);
  note("the address where the boot loader resides", board_.boot_loader.base);
}

Findings Judge::run() {
  fits();
  squashfs_alignment();
  writable_blocks();
  markers();
  room_left();
  upload();
  uncertain_values();
  return std::move(findings_);
}

}  // namespace

Findings judge_layout(const Board& board, const ImageLayout& layout) {
  return Judge(board, layout).run();
}

}  // namespace trxkit::firmware
