// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// How a swap area begins, as its writer and its readers share it; pages of 4 KiB, little endian.
// Source: linux include/linux/swap.h, union swap_header.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "lib/core/bytes.h"

namespace trxkit::image {

inline constexpr std::uint64_t kSwapPage = 4096;  ///< bytes
/// Ends the first page.
inline constexpr std::string_view kSwapSignature = "SWAPSPACE2";

/// Version 1. In front of it is room for a boot loader.
struct SwapHeader {
  std::array<std::uint8_t, 1024> boot_bits;
  le32 version;
  le32 last_page;
  le32 bad_pages;
  std::array<std::uint8_t, 16> uuid;
  std::array<char, 16> label;
};
static_assert(sizeof(SwapHeader) == 1068);

}  // namespace trxkit::image
