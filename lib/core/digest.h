// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Checksums and hashes over streams. CRC-32 comes from zlib, SHA-256 from nettle.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "lib/core/bytes.h"

namespace trxkit {

/// CRC-32 as gzip, PNG and ethernet use it (reflected 0xEDB88320, initial and final complement).
class Crc32 {
 public:
  void update(Bytes bytes);
  /// Accounts for `length` bytes that another Crc32 has seen, without seeing them again.
  void append(const Crc32& following, std::uint64_t length);
  /// The usual value: 0xCBF43926 for "123456789".
  std::uint32_t value() const { return value_; }
  /// The same register without the final complement ("JAMCRC"), as TRX headers carry it:
  /// 0x340BC6D9 for "123456789".
  std::uint32_t jamcrc() const { return ~value_; }

 private:
  std::uint32_t value_ = 0;
};

using Sha256Digest = std::array<std::uint8_t, 32>;

/// SHA-256 over a stream.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void update(Bytes bytes);
  /// The digest of all that was given; call it once, last.
  Sha256Digest digest();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Lower-case hexadecimal digits.
std::string hex(std::span<const std::uint8_t> bytes);

}  // namespace trxkit
