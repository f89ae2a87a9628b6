// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// TRX images for tests, put together byte by byte and sealed with a CRC of its own (bit by bit), so
// that the library is judged by something that shares no line with it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace trxkit::test {

inline std::uint32_t bitwise_jamcrc(const std::string& bytes, std::size_t from, std::size_t to) {
  std::uint32_t crc = 0xffffffff;
  for (std::size_t i = from; i < to; ++i) {
    crc ^= static_cast<unsigned char>(bytes[i]);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320 : 0);
  }
  return crc;
}

struct TrxFixture {
  std::string bytes;

  void put16(std::size_t offset, std::uint32_t value) { put(offset, value, 2); }
  void put32(std::size_t offset, std::uint64_t value) { put(offset, value, 4); }
  std::uint32_t get32(std::size_t offset) const {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;) {
      value = value << 8 | static_cast<unsigned char>(bytes[offset + i]);
    }
    return value;
  }
  /// Stores the CRC of the bytes up to `length` (or the end of the file).
  TrxFixture& seal() {
    std::size_t end = std::min<std::size_t>(get32(4), bytes.size());
    put32(8, bitwise_jamcrc(bytes, std::min<std::size_t>(12, end), end));
    return *this;
  }

 private:
  void put(std::size_t offset, std::uint64_t value, std::size_t size) {
    if (bytes.size() < offset + size) bytes.resize(offset + size);
    for (std::size_t i = 0; i < size; ++i) {
      bytes[offset + i] = static_cast<char>(value >> (8 * i));
    }
  }
};

/// An image of `version` whose parts lie at `places` (offset, contents), `length` bytes long.
inline TrxFixture trx_image(std::uint32_t magic, std::uint32_t version,
                            const std::vector<std::pair<std::size_t, std::string>>& places,
                            std::size_t length) {
  TrxFixture image;
  image.bytes.resize(length);
  image.put32(0, magic);
  image.put32(4, length);
  image.put16(14, version);
  for (std::size_t i = 0; i < places.size(); ++i) {
    image.put32(16 + 4 * i, places[i].first);
    image.bytes.replace(places[i].first, places[i].second.size(), places[i].second);
  }
  return image.seal();
}

/// The superblock of a squashfs of `bytes_used` bytes with blocks of 128 KiB, xz, and as many bytes
/// as it states.
inline std::string squashfs_bytes(std::uint32_t bytes_used) {
  TrxFixture block;
  block.bytes.assign(bytes_used, 's');
  block.put32(0, 0x73717368);
  block.put32(4, 5);        // inodes
  block.put32(8, 0);        // time
  block.put32(12, 131072);  // block size
  block.put32(16, 1);       // fragments
  block.put16(20, 4);       // xz
  block.put16(22, 17);      // log2 of the block size
  block.put16(24, 0xc0);    // flags
  block.put16(26, 1);       // owners
  block.put16(28, 4);       // version 4.0
  block.put16(30, 0);
  for (std::size_t offset = 32; offset < 96; offset += 8) {
    block.put32(offset, 96);
    block.put32(offset + 4, 0);
  }
  block.put32(40, bytes_used);
  return block.bytes;
}

}  // namespace trxkit::test
