// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A stream on its way to a reader that keeps pointers into it, and that does not tell what follows
// the end of what it reads: the last two pieces stay at hand.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "lib/archive/byte_stream.h"

namespace trxkit::archive {

/// The bytes that libarchive has been given last: it keeps a pointer to them, and the end of an
/// archive is looked at in them.
class ReadWindow {
 public:
  explicit ReadWindow(std::unique_ptr<ByteStream> stream) : stream_(std::move(stream)) {}
  /// The next piece, empty at the end. The one before it stays readable through all_zero().
  Result<Bytes> next();
  /// Whether the bytes [position, position + length) of the stream exist and are zero. `position`
  /// must lie in the last two pieces or behind them.
  Result<bool> all_zero(std::uint64_t position, std::uint64_t length);
  /// Up to `length` bytes (at most a piece) from `position`, which must lie in the piece that
  /// next() gave last or at its end; fewer only at the end of the stream.
  Result<std::vector<std::byte>> peek(std::uint64_t position, std::size_t length);
  /// The last bytes of a stream that was read to its end: up to `length` (at most a piece).
  std::vector<std::byte> tail(std::size_t length) const;
  /// Reads to the end; whether all bytes from `position` are zero.
  Result<bool> rest_is_zero(std::uint64_t position);
  /// Reads to the end, so that what delivers the stream can tell whether it is whole.
  Status drain();
  const ByteStream& stream() const { return *stream_; }

 private:
  struct Piece {
    std::vector<std::byte> bytes;
    std::uint64_t position = 0;
  };
  static bool zero_where_seen(const Piece& piece, std::uint64_t from, std::uint64_t to);
  std::unique_ptr<ByteStream> stream_;
  std::array<Piece, 2> pieces_;
  unsigned current_ = 0;
  bool ahead_ = false;  ///< the current piece was peeked at, and next() has not given it yet
  bool ended_ = false;
};

}  // namespace trxkit::archive
