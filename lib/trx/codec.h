// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Compression as TRX payloads use it: gzip and LZMA-alone, both streaming, both reproducible. A
// decoder says how a stream ends instead of failing, because that is what gets judged.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lib/board/board.h"
#include "lib/system/file.h"

namespace trxkit::trx {

/// Takes consecutive pieces of a stream.
using Sink = std::function<Status(Bytes)>;

/// Compresses what is written to it.
class Compressor {
 public:
  virtual ~Compressor() = default;
  virtual Status write(Bytes bytes) = 0;
  /// Delivers the rest; call it once, last.
  virtual Status finish() = 0;
};

/// One gzip member: level 9, no name, no time, operating system "Unix", so that equal input gives
/// equal bytes.
std::unique_ptr<Compressor> make_gzip(Sink sink);

/// An LZMA-alone stream of `size` bytes with `parameters`. Without an end marker the header states
/// the size; with one it states "unknown". Errors (of write and finish): Code::usage for
/// parameters that LZMA does not have, Code::bad_input where not exactly `size` bytes came.
std::unique_ptr<Compressor> make_lzma(Sink sink, const board::LzmaParameters& parameters,
                                      std::uint64_t size);

/// The libraries behind these encoders with their versions: equal input gives equal bytes as long
/// as they are the same.
std::vector<std::pair<std::string, std::string>> codec_versions();

/// How a compressed stream turned out.
struct Unpacked {
  std::uint64_t packed_size = 0;  ///< bytes of the stream up to its end
  std::uint64_t size = 0;         ///< bytes that came out
  bool over_limit = false;        ///< stopped at the limit
  std::string fault;              ///< why the stream is not complete and right; empty if it is
};

/// Decompresses what is written to it.
class Decompressor {
 public:
  virtual ~Decompressor() = default;
  virtual Status write(Bytes bytes) = 0;
  virtual bool ended() const = 0;  ///< what is written now is not looked at
  /// How it turned out; call it once, last.
  virtual Unpacked finish() = 0;
};

/// A range of a file.
struct FileRange {
  const InputFile* file = nullptr;
  std::uint64_t offset = 0;  ///< bytes from the start of the file
  std::uint64_t size = 0;    ///< bytes
};

/// No kernel for these routers is larger: decoding stops there.
inline constexpr std::uint64_t kUnpackLimit = std::uint64_t{256} << 20;
/// A dictionary above this is not allocated.
inline constexpr std::uint32_t kDictionaryLimit = 64 << 20;

/// Whether a stream whose size is known may have an end marker as well; decoders differ in that.
enum class EndMarker : bool { refused, allowed };

/// Decodes one LZMA-alone stream, like unpack_lzma(). `packed_size`: bytes that the stream may
/// have; as many of its dictionary may be in memory without any need to save.
std::unique_ptr<Decompressor> make_lzma_decoder(Sink sink, std::uint64_t limit = kUnpackLimit,
                                                std::uint64_t packed_size = 0,
                                                EndMarker end_marker = EndMarker::allowed);

/// Gives `range` to `decoder`, as far as that wants it. Errors: those of reading and of the sink.
Result<Unpacked> unpack(const FileRange& range, Decompressor& decoder);

/// Decodes one gzip member at the start of `range`, checking its CRC and size.
Result<Unpacked> unpack_gzip(const FileRange& range, const Sink& sink,
                             std::uint64_t limit = kUnpackLimit);
/// Decodes one LZMA-alone stream at the start of `range`. A dictionary over kDictionaryLimit is a
/// fault.
Result<Unpacked> unpack_lzma(const FileRange& range, const Sink& sink,
                             std::uint64_t limit = kUnpackLimit);

}  // namespace trxkit::trx
