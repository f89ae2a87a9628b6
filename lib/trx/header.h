// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The TRX header as it lies in the file: field order, sizes, constants. Nothing is judged here.
// Sources: OpenWrt firmware-utils src/trx.c and src/otrx.c; Tomato trxhdr.h; linux
// Documentation/devicetree/bindings/mtd/partitions/brcm,trx.yaml.
#pragma once

#include <array>
#include <cstdint>

#include "lib/core/bytes.h"

namespace trxkit::trx {

/// Version 1: at most three parts. All integers are little endian.
struct TrxHeaderV1 {
  le32 magic;                  ///< "HDR0" or the vendor's; outside the CRC
  le32 length;                 ///< bytes of the image, header included; outside the CRC
  le32 crc;                    ///< JAMCRC over bytes 12 to length - 1
  le16 flags;                  ///< normally 0
  le16 version;                ///< 1
  std::array<le32, 3> offset;  ///< of the parts, from the header's first byte; 0: absent
};
static_assert(sizeof(TrxHeaderV1) == 28 && alignof(TrxHeaderV1) == 1);

/// Version 2: a fourth part, which holds a CyberTAN header of 32 bytes.
struct TrxHeaderV2 {
  le32 magic;
  le32 length;
  le32 crc;  ///< computed with eight bytes of part 4 masked (kMaskStart)
  le16 flags;
  le16 version;  ///< 2
  std::array<le32, 4> offset;
};
static_assert(sizeof(TrxHeaderV2) == 32 && alignof(TrxHeaderV2) == 1);

inline constexpr std::uint32_t kHdr0 = 0x30524448;  ///< "HDR0"
inline constexpr std::uint64_t kCrcStart = 12;      ///< first byte under the CRC
inline constexpr std::uint64_t kLengthField = 4;
inline constexpr std::uint64_t kCrcField = 8;
inline constexpr std::uint64_t kFlagsField = 12;
inline constexpr std::uint64_t kVersionField = 14;
inline constexpr std::uint64_t kOffsetField = 16;  ///< of the first part's offset

/// Flag bits (Tomato trxhdr.h).
inline constexpr std::uint16_t kFlagNoHeader = 0x0001;
inline constexpr std::uint16_t kFlagGzipFiles = 0x0002;
inline constexpr std::uint16_t kFlagUncompressed = 0x0020;

/// Bytes of version 2's part 4 that the CRC sees as 0xFF: the "stable" and "try" fields, which the
/// router changes (firmware-utils src/trx.c).
inline constexpr std::uint64_t kMaskStart = 22;
inline constexpr std::uint64_t kMaskLength = 8;
inline constexpr std::uint64_t kCyberTanHeaderSize = 32;

inline constexpr std::uint64_t kPartAlignment = 4;      ///< every part starts at a multiple
inline constexpr std::uint64_t kImageAlignment = 4096;  ///< length is a multiple
inline constexpr std::size_t kMaximumParts = 4;

/// What JFFS2 takes as "format everything from here": OpenWrt's fs_mark, as bytes in this order.
inline constexpr std::array<std::uint8_t, 4> kJffs2Marker{0xDE, 0xAD, 0xC0, 0xDE};

}  // namespace trxkit::trx
