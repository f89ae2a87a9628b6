// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/flash_layout.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "lib/core/bytes.h"
#include "lib/core/units.h"
#include "lib/trx/container.h"

namespace trxkit::firmware {
namespace {

using board::Board;
using board::PartitionRole;

std::uint64_t align_down(std::uint64_t value, std::uint64_t alignment) {
  return value - value % alignment;
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

std::uint64_t saturating_sum(std::uint64_t a, std::uint64_t b) {
  return checked_add(a, b).value_or(std::numeric_limits<std::uint64_t>::max());
}

std::uint64_t end_in_chip(const Board& board, const ImageLayout& layout) {
  return saturating_sum(firmware_offset(board), std::max(layout.length, layout.written_size));
}

std::uint64_t squashfs_place(const Board& board, std::uint64_t earliest) {
  std::uint64_t start = firmware_offset(board);
  return align_up(saturating_sum(start, earliest), board.flash.largest_erase_size) - start;
}

std::vector<std::uint64_t> marker_places(const Board& board, std::uint64_t squashfs_end) {
  std::uint64_t start = firmware_offset(board);
  std::vector<std::uint64_t> places;
  for (std::uint64_t block : {*board.flash.erase_size, board.flash.largest_erase_size}) {
    std::uint64_t place = align_up(saturating_sum(start, squashfs_end), block) - start;
    if (places.empty() || places.back() != place) places.push_back(place);
  }
  return places;
}

std::uint64_t room_behind(const Board& board, const ImageLayout& layout) {
  std::uint64_t used = layout.squashfs_end
                           ? saturating_sum(firmware_offset(board), *layout.squashfs_end)
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

}  // namespace trxkit::firmware
