// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/nvram/crc8.h"

#include <array>

namespace trxkit::nvram {
namespace {

constexpr std::uint8_t kPolynomial = 0xab;

constexpr auto kTable = [] {
  std::array<std::uint8_t, 256> table{};
  for (unsigned i = 0; i < table.size(); ++i) {
    unsigned crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    table[i] = static_cast<std::uint8_t>(crc);
  }
  return table;
}();

}  // namespace

void Crc8::update(Bytes bytes) {
  for (std::byte byte : bytes) value_ = kTable[value_ ^ std::to_integer<std::uint8_t>(byte)];
}

}  // namespace trxkit::nvram
