// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What liblzma's encoder and decoder have in common: a stream that ends itself, and the size of the
// pieces that it delivers.
#pragma once

#include <lzma.h>

#include "lib/core/bytes.h"

namespace trxkit::trx {

/// Bytes that one step delivers at most.
inline constexpr std::size_t kLzmaPiece = 64 * 1024;

/// A stream of liblzma. Errors are what its functions return.
struct LzmaStream {
  lzma_stream stream = LZMA_STREAM_INIT;
  LzmaStream() = default;
  ~LzmaStream() { lzma_end(&stream); }
  LzmaStream(const LzmaStream&) = delete;
  LzmaStream& operator=(const LzmaStream&) = delete;

  /// What the next steps read.
  void give(Bytes bytes) {
    stream.next_in = reinterpret_cast<const std::uint8_t*>(bytes.data());
    stream.avail_in = bytes.size();
  }
  /// Where they write.
  void take(MutableBytes room) {
    stream.next_out = reinterpret_cast<std::uint8_t*>(room.data());
    stream.avail_out = room.size();
  }
};

}  // namespace trxkit::trx
