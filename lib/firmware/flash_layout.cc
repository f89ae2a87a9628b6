// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/flash_layout.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

#include "lib/core/bytes.h"
#include "lib/core/units.h"
#include "lib/trx/container.h"

namespace trxkit::firmware {
namespace {

using board::Board;
using board::PartitionRole;

// "Too few erase blocks": linux fs/jffs2/fs.c, jffs2_do_fill_super().
constexpr std::uint64_t kJffs2Blocks = 5;

std::uint64_t align_down(std::uint64_t value, std::uint64_t alignment) {
  return value - value % alignment;
}

// Offsets of hostile images may be anything; sums stay at the end of the number line.
std::uint64_t plus(std::uint64_t a, std::uint64_t b) {
  return checked_add(a, b).value_or(std::numeric_limits<std::uint64_t>::max());
}

// Where `layout` ends in the chip: all that is written, and all that the header claims.
std::uint64_t end_in_chip(const Board& board, const ImageLayout& layout) {
  return plus(firmware_offset(board), std::max(layout.length, layout.written_size));
}

class Judge {
 public:
  Judge(const Board& board, const ImageLayout& layout)
      : board_(board), layout_(layout), start_(firmware_offset(board)) {}

  Findings run();

 private:
  Where at(std::uint64_t trx_relative) const {
    return {.file = layout_.file, .offset = plus(layout_.trx_offset, trx_relative)};
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
  std::uint64_t place = plus(start_, *layout_.squashfs_offset);
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
  std::uint64_t squashfs_end = plus(start_, *layout_.squashfs_end);
  std::uint64_t writable = align_up(squashfs_end, *board_.flash.erase_size);
  std::uint64_t covered = plus(start_, layout_.length);
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

Status assume_erase_size(Board& board, std::uint64_t bytes) {
  if (!std::has_single_bit(bytes) || bytes < (4 << 10) || bytes > (1 << 20)) {
    return advise(fail(Code::usage, "{:#x} is no erase block size", bytes),
                  "give a power of two between 4k and 1M");
  }
  if (*board.flash.size % bytes != 0) {
    return fail(Code::usage, "the flash of {:#x} bytes is not made of blocks of {:#x}",
                *board.flash.size, bytes);
  }
  board.flash.erase_size = {bytes, board::Confidence::log, "given by the user"};
  board.flash.largest_erase_size = bytes;
  return {};
}

std::uint64_t firmware_offset(const Board& board) {
  // Edimax' header stays in the flash.
  bool edimax = board.trx.container == board::ContainerKind::edimax;
  return *board.partition(PartitionRole::firmware)->offset + (edimax ? trx::kEdimaxHeaderSize : 0);
}

std::uint64_t firmware_limit(const Board& board) {
  const board::FlashPartition& firmware = *board.partition(PartitionRole::firmware);
  std::uint64_t nvram = *board.flash.size - board.boot_loader.nvram_space;
  return std::min(*firmware.offset + *firmware.size,
                  align_down(nvram, board.flash.largest_erase_size));
}

std::uint64_t squashfs_place(const Board& board, std::uint64_t earliest) {
  std::uint64_t start = firmware_offset(board);
  return align_up(plus(start, earliest), board.flash.largest_erase_size) - start;
}

std::vector<std::uint64_t> marker_places(const Board& board, std::uint64_t squashfs_end) {
  std::uint64_t start = firmware_offset(board);
  std::vector<std::uint64_t> places;
  for (std::uint64_t block : {*board.flash.erase_size, board.flash.largest_erase_size}) {
    std::uint64_t place = align_up(plus(start, squashfs_end), block) - start;
    if (places.empty() || places.back() != place) places.push_back(place);
  }
  return places;
}

std::uint64_t room_behind(const Board& board, const ImageLayout& layout) {
  std::uint64_t used = layout.squashfs_end ? plus(firmware_offset(board), *layout.squashfs_end)
                                           : end_in_chip(board, layout);
  std::uint64_t first = align_up(used, board.flash.largest_erase_size);
  std::uint64_t limit = firmware_limit(board);
  return first < limit ? limit - first : 0;
}

std::string erase_blocks(std::uint64_t bytes, std::uint64_t block) {
  std::uint64_t count = bytes / block + (bytes % block == 0 ? 0 : 1);
  return fmt::format("{} erase block{} of {}", count, plural(count), human_size(block));
}

std::string largest_part(const ImageLayout& layout) {
  auto largest = std::ranges::max_element(layout.parts, {}, &ImagePart::size);
  if (largest == layout.parts.end()) return {};
  return fmt::format("; the largest part is part {}, {}, with {} bytes ({})", largest->index,
                     largest->label, largest->size, human_size(largest->size));
}

Findings judge_layout(const Board& board, const ImageLayout& layout) {
  return Judge(board, layout).run();
}

}  // namespace trxkit::firmware
