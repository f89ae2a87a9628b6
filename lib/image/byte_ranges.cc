// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/image/byte_ranges.h"

#include <algorithm>

namespace trxkit::image {

std::uint64_t bytes_of(const ByteRanges& ranges) {
  std::uint64_t bytes = 0;
  for (const ByteRange& range : ranges) bytes += range.size;
  return bytes;
}

ByteRanges clipped(const ByteRanges& ranges, std::uint64_t from, std::uint64_t to) {
  ByteRanges result;
  for (const ByteRange& range : ranges) {
    std::uint64_t start = std::max(range.offset, from);
    std::uint64_t end = std::min(range.end(), to);
    if (start < end) result.push_back({start, end - start});
  }
  return result;
}

ByteRanges united(ByteRanges ranges) {
  std::ranges::sort(ranges, {}, &ByteRange::offset);
  ByteRanges result;
  for (const ByteRange& range : ranges) {
    if (range.size == 0) continue;
    if (!result.empty() && range.offset <= result.back().end()) {
      ByteRange& last = result.back();
      last.size = std::max(last.end(), range.end()) - last.offset;
    } else {
      result.push_back(range);
    }
  }
  return result;
}

ByteRanges without(const ByteRanges& ranges, const ByteRanges& others) {
  ByteRanges result;
  auto other = others.begin();
  for (const ByteRange& range : ranges) {
    std::uint64_t at = range.offset;
    while (other != others.end() && other->end() <= at) ++other;
    for (auto next = other; next != others.end() && next->offset < range.end(); ++next) {
      if (next->offset > at) result.push_back({at, next->offset - at});
      at = std::max(at, next->end());
    }
    if (at < range.end()) result.push_back({at, range.end() - at});
  }
  return result;
}

}  // namespace trxkit::image
