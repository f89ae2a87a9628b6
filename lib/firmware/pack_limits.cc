// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/pack_limits.h"

#include "lib/core/units.h"
#include "lib/firmware/flash_layout.h"

namespace trxkit::firmware {
namespace {

void judge_maximum(std::uint64_t maximum, const ImageLayout& layout, Findings& findings) {
  std::uint64_t limit = align_up(maximum, trx::kImageAlignment);
  std::uint64_t size = std::max(layout.length, layout.file_size);
  if (size <= limit) return;
  findings.add("TRX050", {layout.file, {}},
               fmt::format("the image has {} bytes, the maximum is {}: over by {} byte{}{}", size,
                           limit, size - limit, plural(size - limit), largest_part(layout)),
               "make a part smaller, or allow more with --maximum");
}

void judge_reserve(std::uint64_t reserve, const ImageLayout& layout, const board::Board& board,
                   Findings& findings) {
  std::uint64_t room = room_behind(board, layout);
  if (room >= reserve) return;
  std::uint64_t over = reserve - room;
  findings.add(
      "TRX051", {layout.file, {}},
      fmt::format("{} bytes have to stay free behind the image, {} are left: over by {} "
                  "byte{} ({}){}",
                  reserve, room, over, plural(over),
                  erase_blocks(over, board.flash.largest_erase_size), largest_part(layout)),
      "make a part smaller, or reserve less with --reserve");
}

}  // namespace

Findings judge_limits(const PackLimits& limits, const ImageLayout& layout,
                      const board::Board* board) {
  Findings findings;
  if (limits.maximum) judge_maximum(*limits.maximum, layout, findings);
  if (limits.reserve) judge_reserve(*limits.reserve, layout, *board, findings);
  return findings;
}

}  // namespace trxkit::firmware
