// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// CyberTAN's header of 32 bytes: in front of Linksys images, and as part 4 of TRX version 2, where
// the boot loader of a router with two images keeps which of them to start. Sources: OpenWrt
// firmware-utils src/addpattern.c (struct code_header), FreshTomato btools/fpkg.c, Linksys
// cyutils.h.
#pragma once

#include "lib/trx/container.h"

namespace trxkit::trx {

struct CyberTanHeader {
  std::array<char, 8> pattern;          ///< of the model: 4 characters, or 8
  std::array<std::uint8_t, 3> date;     ///< year of the century, month, day
  std::array<std::uint8_t, 3> version;  ///< of the firmware
  std::array<char, 4> id;               ///< "U2ND"
  std::uint8_t hardware;
  std::uint8_t serial;
  le16 flags;
  /// "stable" and "try" 1 to 3: 0xFFFF unset; 's' or 't' set. Only NOR bits are cleared, so the
  /// boot loader can set them in place.
  std::array<le16, 4> states;
  le16 reserved;
};
static_assert(sizeof(CyberTanHeader) == 32 && alignof(CyberTanHeader) == 1);

inline constexpr std::string_view kCyberTanId = "U2ND";
inline constexpr std::uint64_t kCyberTanIdField = 14;
inline constexpr std::uint64_t kCyberTanStates = 22;
inline constexpr std::uint16_t kCyberTanUnset = 0xffff;
inline constexpr std::uint16_t kCyberTanStable = 's';
inline constexpr std::uint16_t kCyberTanTried = 't';
inline constexpr std::array<std::string_view, 4> kCyberTanStateNames{"stable", "try 1", "try 2",
                                                                     "try 3"};

/// `header`, which lies at `position` of `container`'s file, as fields of `container`.
void describe_cybertan(const CyberTanHeader& header, std::uint64_t position, Container& container);

/// The header of a firmware for `identity`, with the date of `epoch` (seconds since 1970-01-01
/// UTC). `dual`: for part 4, marked stable and tried once, as `addpattern -5` does.
CyberTanHeader make_cybertan(const board::ContainerIdentity& identity, std::int64_t epoch,
                             bool dual);

/// The header in part 4 of a version 2 image; nothing where there is no such part, or not that
/// many bytes in it. Errors: Code::io.
Result<std::optional<CyberTanHeader>> read_fourth(const InputFile& file, const Image& image);

/// Findings TRX035 and TRX039 to TRX042 for that header. `board` may be null.
Findings judge_fourth(const CyberTanHeader& header, const Image& image, const board::Board* board);

}  // namespace trxkit::trx
