// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Room that should hold nothing: between a payload's end and its part's, and behind `length`. JFFS2
// markers and padding are sound there; anything else is told by its place.
#pragma once

#include <optional>
#include <vector>

#include "lib/trx/image.h"

namespace trxkit::trx {

/// JFFS2 markers stand at block starts; no flash has smaller erase blocks.
inline constexpr std::uint64_t kMarkerGrid = 4096;

struct Trailer {
  std::vector<std::uint64_t> markers;  ///< offsets from the header, multiples of kMarkerGrid
  /// The first byte that is neither marker nor padding (0x00 or 0xFF), from the header.
  std::optional<std::uint64_t> foreign;
};

/// Reads [from, to), bytes from the header, as far as the file goes.
Result<Trailer> read_padding(const InputFile& file, const Image& image, std::uint64_t from,
                             std::uint64_t to);

/// Everything from `length` to the end of the file.
Result<Trailer> read_trailer(const InputFile& file, const Image& image);

}  // namespace trxkit::trx
