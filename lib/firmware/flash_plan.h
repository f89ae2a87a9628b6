// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What lies where in a flash, as a list without gaps and overlaps: for drawing. Judges nothing;
// images whose parts overlap or leave the flash are cut to what can be drawn.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/board/board.h"
#include "lib/core/json.h"
#include "lib/firmware/image_layout.h"

namespace trxkit::firmware {

enum class ExtentKind : std::uint8_t {
  boot_loader,
  header,  ///< of the TRX
  kernel,  ///< or the loader that starts it
  squashfs,
  other,    ///< a part of another kind
  padding,  ///< between parts, and up to the next erase block
  jffs2,    ///< what a running system writes
  free,
  nvram,
  data,  ///< other partitions of the board
};
std::string_view name_of(ExtentKind kind);

struct FlashExtent {
  std::uint64_t offset = 0;  ///< bytes from the start of the chip
  std::uint64_t size = 0;    ///< bytes, never 0
  ExtentKind kind = ExtentKind::free;
  std::string name;
  std::uint64_t end() const { return offset + size; }
};

struct FlashPlan {
  std::uint64_t flash_size = 0;          ///< bytes
  std::uint64_t erase_size = 0;          ///< bytes, the likeliest
  std::uint64_t largest_erase_size = 0;  ///< bytes, equal where it is known
  std::uint64_t limit = 0;               ///< where an image has to end (firmware_limit())
  std::uint64_t image_end = 0;           ///< even behind the chip; 0 without an image
  std::vector<FlashExtent> extents;      ///< from 0 to flash_size
  std::vector<std::string> overwritten;  ///< partitions that the image runs into

  /// Bytes that JFFS2 will get; 0 without a squashfs.
  std::uint64_t jffs2_size() const;
};

/// {"size": ..., "extents": [...]}: a member of the JSON result of map and pack.
Json describe(const FlashPlan& plan);

/// The flash of `board` with the image of `layout` in it (nothing where null).
FlashPlan plan_flash(const board::Board& board, const ImageLayout* layout);

}  // namespace trxkit::firmware
