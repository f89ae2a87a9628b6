// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The 13 bytes in front of an LZMA-alone stream (LZMA SDK, lzma.txt): parsed faithfully; the format
// has no magic, so plausible() says what is taken for one.
#pragma once

#include "lib/core/bytes.h"

namespace trxkit::trx {

struct LzmaHeader {
  std::array<std::uint8_t, 1> properties;  ///< (pb * 5 + lp) * 9 + lc
  le32 dictionary;                         ///< bytes
  le64 size;                               ///< bytes unpacked; kLzmaSizeUnknown: an end marker

  std::uint32_t lc() const { return properties[0] % 9U; }
  std::uint32_t lp() const { return properties[0] / 9U % 5; }
  std::uint32_t pb() const { return properties[0] / 45U; }
};
static_assert(sizeof(LzmaHeader) == 13);

inline constexpr std::uint64_t kLzmaSizeUnknown = ~std::uint64_t{0};

/// The property byte of lc, lp and pb (at most 8, 4 and 4).
constexpr std::uint8_t lzma_properties(std::uint32_t lc, std::uint32_t lp, std::uint32_t pb) {
  return static_cast<std::uint8_t>((pb * 5 + lp) * 9 + lc);
}

/// Whether bytes that start so are taken for LZMA: possible properties, a dictionary of 2^n or
/// 2^n + 2^(n-1) bytes or 4 GiB - 1 (no encoder writes another; xz-utils alone_decoder.c), and a
/// size from 1 byte to 4 GiB, or unknown.
bool plausible(const LzmaHeader& header);

}  // namespace trxkit::trx
