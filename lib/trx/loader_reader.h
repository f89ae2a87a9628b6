// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// trxkit's loader and the kernel behind it, recognised in the unpacked bytes of part 1 and followed
// as the loader itself would: checksums computed, payload unpacked. Judged in loader_rules.h.
#pragma once

#include <memory>
#include <vector>

#include "lib/core/digest.h"
#include "lib/trx/codec.h"
#include "lib/trx/loader_header.h"
#include "lib/trx/lzma_header.h"

namespace trxkit::trx {

/// What was found. The computed values stand beside the header, which may say otherwise.
struct LoaderContents {
  LoaderHeader header;
  std::uint64_t size = 0;  ///< bytes of stub and payload
  std::uint32_t stub_crc = 0;
  std::uint32_t payload_crc = 0;  ///< of everything behind the stub
  std::uint32_t result_crc = 0;
  LzmaHeader lzma{};
  Unpacked result;  ///< of the payload
};

class LoaderReader {
 public:
  /// `kernel` gets what the payload unpacks to.
  explicit LoaderReader(Sink kernel);
  /// Whether bytes that start with `head` (at least kLoaderHeaderOffset + 4 of them) are a stub.
  static bool recognises(Bytes head);

  /// Takes consecutive pieces of the unpacked part 1.
  Status write(Bytes bytes);
  /// Call it once, last.
  LoaderContents finish();
  /// The stub's bytes, as far as they came.
  Bytes stub() const { return stub_; }

 private:
  Status write_payload(Bytes bytes);

  Sink kernel_;
  std::vector<std::byte> stub_;
  std::vector<std::byte> lzma_head_;
  std::uint64_t stub_size_ = 0;  ///< 0: not known yet
  LoaderContents contents_;
  Crc32 payload_crc_;
  Crc32 result_crc_;
  std::unique_ptr<Decompressor> decoder_;
};

}  // namespace trxkit::trx
