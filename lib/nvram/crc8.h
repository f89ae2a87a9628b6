// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The checksum of nvram.
#pragma once

#include <cstdint>

#include "lib/core/bytes.h"

namespace trxkit::nvram {

/// CRC-8 with the polynomial x^8+x^7+x^6+x^4+x^2+1, bits from the lowest (0xAB), started with 0xFF,
/// without a final complement (OpenWrt package/utils/nvram/src/crc.c): 0xFF of no bytes.
class Crc8 {
 public:
  void update(Bytes bytes);
  std::uint8_t value() const { return value_; }

 private:
  std::uint8_t value_ = 0xff;
};

}  // namespace trxkit::nvram
