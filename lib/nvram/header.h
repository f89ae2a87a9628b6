// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The nvram header as it lies in the flash, and where it lies. Nothing is judged here. Sources:
// OpenWrt package/utils/nvram/src/nvram.{h,c}; linux drivers/firmware/broadcom/bcm47xx_nvram.c and
// drivers/mtd/parsers/bcm47xxpart.c.
#pragma once

#include <array>
#include <cstdint>

#include "lib/core/bytes.h"

namespace trxkit::nvram {

/// All integers are little endian. Behind it `name=value`, each with a zero byte, until an empty
/// name.
struct NvramHeader {
  le32 magic;            ///< kMagic
  le32 length;           ///< bytes, header included
  std::uint8_t crc;      ///< CRC-8 over bytes kCrcStart to length - 1
  std::uint8_t version;  ///< 1
  le16 sdram_init;       ///< the boot loader's settings for the memory controller
  le16 sdram_config;
  le16 sdram_refresh;
  le32 sdram_ncdl;
};
static_assert(sizeof(NvramHeader) == 20 && alignof(NvramHeader) == 1);

inline constexpr std::uint32_t kMagic = 0x48534c46;  ///< "FLSH"
inline constexpr std::uint64_t kLengthField = 4;
inline constexpr std::uint64_t kCrcField = 8;
inline constexpr std::uint64_t kVersionField = 9;
inline constexpr std::uint64_t kCrcStart = 9;         ///< first byte under the CRC
inline constexpr std::uint64_t kLengthAlignment = 4;  ///< length is a multiple
inline constexpr std::uint8_t kErased = 0xff;         ///< what nvram's room holds behind length

/// Bytes from the end of the chip at which readers look for the header, in their order.
inline constexpr std::array<std::uint64_t, 3> kSpaces{0x8000, 0xf000, 0x10000};
/// Bytes from the start of the chip at which the boot loader may carry its defaults, in the order
/// in which Linux looks.
inline constexpr std::array<std::uint64_t, 2> kDefaultPlaces{0x1000, 0x400};
/// No nvram has more room: that of the largest space, or of a file with one erase block.
inline constexpr std::uint64_t kLargestRoom = 0x20000;

}  // namespace trxkit::nvram
