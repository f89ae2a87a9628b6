// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// nvram for tests, put together byte by byte with a CRC-8 of its own (bit by bit), so that the
// library is judged by something that shares no line with it.
#pragma once

#include <cstdint>
#include <string>

namespace trxkit::test {

inline std::uint8_t bitwise_crc8(const std::string& bytes, std::size_t from, std::size_t to) {
  unsigned crc = 0xff;
  for (std::size_t i = from; i < to; ++i) {
    crc ^= static_cast<unsigned char>(bytes[i]);
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xab : crc >> 1;
  }
  return static_cast<std::uint8_t>(crc);
}

struct NvramFixture {
  /// "name=value" with a '|' behind each, in place of the zero bytes.
  explicit NvramFixture(std::string settings) {
    for (char& letter : settings) letter = letter == '|' ? '\0' : letter;
    bytes = std::string("FLSH\0\0\0\0\0\1", 10) + "\x34\x12\x78\x56\xbc\x9a" + "\x44\x33\x22\x11";
    bytes += settings + '\0';
    bytes.resize((bytes.size() + 3) / 4 * 4);
    put_length(bytes.size());
    seal();
  }
  void put_length(std::size_t length) {
    for (std::size_t i = 0; i < 4; ++i) bytes[4 + i] = static_cast<char>(length >> (8 * i));
  }
  void seal(std::size_t length) { bytes[8] = static_cast<char>(bitwise_crc8(bytes, 9, length)); }
  void seal() { seal(bytes.size()); }
  /// As it lies at the end of a chip of `chip` bytes whose nvram has `space` bytes.
  std::string in_chip(std::size_t chip, std::size_t space) const {
    std::string result(chip, '\xff');
    return result.replace(chip - space, bytes.size(), bytes);
  }

  std::string bytes;
};

}  // namespace trxkit::test
