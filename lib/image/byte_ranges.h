// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Sets of bytes of a disk, as ascending ranges of which none touches the next.
#pragma once

#include <cstdint>
#include <vector>

namespace trxkit::image {

/// Consecutive bytes of an image.
struct ByteRange {
  std::uint64_t offset = 0;  ///< bytes from the start of the image
  std::uint64_t size = 0;    ///< bytes
  std::uint64_t end() const { return offset + size; }
  bool operator==(const ByteRange&) const = default;
};
using ByteRanges = std::vector<ByteRange>;

/// Bytes in all of `ranges`.
std::uint64_t bytes_of(const ByteRanges& ranges);
/// What of `ranges` lies in [from, to).
ByteRanges clipped(const ByteRanges& ranges, std::uint64_t from, std::uint64_t to);
/// What is in one of `ranges`, in any order and overlapping, as a set.
ByteRanges united(ByteRanges ranges);
/// What of the set `ranges` is not in the set `others`.
ByteRanges without(const ByteRanges& ranges, const ByteRanges& others);

}  // namespace trxkit::image
