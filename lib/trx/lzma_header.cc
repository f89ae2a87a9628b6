// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/trx/lzma_header.h"

#include <bit>
#include <limits>

namespace trxkit::trx {

bool plausible(const LzmaHeader& header) {
  constexpr std::uint32_t kSmallest = 4096;
  constexpr std::uint64_t kLargestSize = std::uint64_t{1} << 32;
  if (header.properties[0] >= lzma_properties(0, 0, 5)) return false;
  std::uint32_t dictionary = header.dictionary;
  std::uint32_t top = std::bit_floor(dictionary);
  bool usual = dictionary == top || dictionary == top + top / 2 ||
               dictionary == std::numeric_limits<std::uint32_t>::max();
  if (!usual || dictionary < kSmallest) return false;
  return header.size == kLzmaSizeUnknown || (header.size > 0 && header.size < kLargestSize);
}

}  // namespace trxkit::trx
