// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Bytes of files and chips: integers of a fixed byte order that lie at any address, a reader that
// never leaves its span, and arithmetic that cannot wrap. No other file turns file bytes into
// integers.
#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "lib/core/result.h"

namespace trxkit {

/// An unsigned integer stored in a fixed byte order with alignment 1, so that on-disk structures
/// are plain structs on every host. Converts to and from the host's integer.
template <std::unsigned_integral T, std::endian Order>
class BoxedInteger {
 public:
  constexpr BoxedInteger() = default;
  constexpr BoxedInteger(T value) {  // NOLINT(google-explicit-constructor): it is that integer
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      bytes_[i] = static_cast<std::uint8_t>(value >> shift(i));
    }
  }
  constexpr operator T() const {  // NOLINT(google-explicit-constructor)
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      value = static_cast<T>(value | static_cast<T>(static_cast<T>(bytes_[i]) << shift(i)));
    }
    return value;
  }
  constexpr T value() const { return *this; }

 private:
  static constexpr unsigned shift(std::size_t i) {
    return static_cast<unsigned>(8 * (Order == std::endian::little ? i : sizeof(T) - 1 - i));
  }
  std::array<std::uint8_t, sizeof(T)> bytes_{};
};

using le16 = BoxedInteger<std::uint16_t, std::endian::little>;
using le32 = BoxedInteger<std::uint32_t, std::endian::little>;
using le64 = BoxedInteger<std::uint64_t, std::endian::little>;
using be16 = BoxedInteger<std::uint16_t, std::endian::big>;
using be32 = BoxedInteger<std::uint32_t, std::endian::big>;
using be64 = BoxedInteger<std::uint64_t, std::endian::big>;
static_assert(sizeof(le32) == 4 && alignof(le32) == 1);

using Bytes = std::span<const std::byte>;
using MutableBytes = std::span<std::byte>;

/// A structure that may be copied from and to file bytes: no padding, no alignment, no pointers.
template <typename T>
concept WireStruct = std::is_trivially_copyable_v<T> && alignof(T) == 1;

/// The bytes of a wire structure or of text, for writing or hashing.
template <WireStruct T>
Bytes as_bytes(const T& value) {
  return std::as_bytes(std::span(&value, 1));
}
inline Bytes as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

/// Bytes as text, unchecked and unchanged.
inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// a + b, or nothing where that does not fit.
template <std::unsigned_integral T>
constexpr std::optional<T> checked_add(T a, T b) {
  if (b > std::numeric_limits<T>::max() - a) return std::nullopt;
  return static_cast<T>(a + b);
}

/// a * b, or nothing where that does not fit.
template <std::unsigned_integral T>
constexpr std::optional<T> checked_multiply(T a, T b) {
  if (a != 0 && b > std::numeric_limits<T>::max() / a) return std::nullopt;
  return static_cast<T>(a * b);
}

/// Whether [offset, offset + length) lies inside [0, size).
constexpr bool range_inside(std::uint64_t offset, std::uint64_t length, std::uint64_t size) {
  return offset <= size && length <= size - offset;
}

/// The smallest multiple of `alignment` (not 0) that is not below `value`; saturates at the
/// largest multiple that fits in 64 bits.
constexpr std::uint64_t align_up(std::uint64_t value, std::uint64_t alignment) {
  std::uint64_t rest = value % alignment;
  if (rest == 0) return value;
  return checked_add(value, alignment - rest).value_or(value - rest);
}

/// Reads values out of bytes it does not own. Every read is checked; a failed one says where.
class ByteReader {
 public:
  /// `bytes` start at `base` (bytes from the start of `file`), which only serves the messages.
  explicit ByteReader(Bytes bytes, std::string file = {}, std::uint64_t base = 0)
      : bytes_(bytes), file_(std::move(file)), base_(base) {}

  std::uint64_t size() const { return bytes_.size(); }

  /// `length` bytes from `offset` (bytes from the start of the span).
  Result<Bytes> bytes_at(std::uint64_t offset, std::uint64_t length) const;

  /// The structure or boxed integer at `offset`.
  template <WireStruct T>
  Result<T> read_at(std::uint64_t offset) const {
    Bytes source = TRY(bytes_at(offset, sizeof(T)));
    T value;
    std::memcpy(&value, source.data(), sizeof(T));
    return value;
  }

 private:
  Bytes bytes_;
  std::string file_;
  std::uint64_t base_;
};

}  // namespace trxkit
