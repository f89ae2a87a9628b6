// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// LZMA-alone written by liblzma. Its own encoder for the format always writes "size unknown" and an
// end marker, which small decoders in boot loaders do not read: so the raw encoder (LZMA1EXT)
// behind a header of our own.
#include <array>

#include "lib/trx/codec.h"
#include "lib/trx/lzma_header.h"
#include "lib/trx/lzma_stream.h"

namespace trxkit::trx {
namespace {

class LzmaCompressor final : public Compressor {
 public:
  LzmaCompressor(Sink sink, const board::LzmaParameters& parameters, std::uint64_t size)
      : sink_(std::move(sink)), parameters_(parameters), size_(size) {}

  Status write(Bytes bytes) override {
    TRY(start());
    seen_ += bytes.size();
    if (seen_ > size_) return wrong_size();
    encoder_.give(bytes);
    return pump(LZMA_RUN);
  }
  Status finish() override {
    TRY(start());
    if (seen_ != size_) return wrong_size();
    encoder_.give({});
    return pump(LZMA_FINISH);
  }

 private:
  Status start() {
    if (started_) return {};
    started_ = true;
    lzma_options_lzma options;
    lzma_lzma_preset(&options, 9 | LZMA_PRESET_EXTREME);
    options.dict_size = parameters_.dictionary;
    options.lc = parameters_.lc;
    options.lp = parameters_.lp;
    options.pb = parameters_.pb;
    options.ext_flags = parameters_.end_marker ? LZMA_LZMA1EXT_ALLOW_EOPM : 0;
    lzma_set_ext_size(options, parameters_.end_marker ? kLzmaSizeUnknown : size_);
    std::array<lzma_filter, 2> filters{
        {{LZMA_FILTER_LZMA1EXT, &options}, {LZMA_VLI_UNKNOWN, nullptr}}};
    if (lzma_raw_encoder(&encoder_.stream, filters.data()) != LZMA_OK) {
      return fail(Code::usage, "LZMA has no parameters lc={} lp={} pb={} dictionary={}",
                  parameters_.lc, parameters_.lp, parameters_.pb, parameters_.dictionary);
    }
    LzmaHeader header;
    header.properties[0] = lzma_properties(parameters_.lc, parameters_.lp, parameters_.pb);
    header.dictionary = parameters_.dictionary;
    header.size = parameters_.end_marker ? kLzmaSizeUnknown : size_;
    return sink_(as_bytes(header));
  }

  Status pump(lzma_action action) {
    lzma_ret result = LZMA_OK;
    do {
      encoder_.take(room_);
      result = lzma_code(&encoder_.stream, action);
      if (result != LZMA_OK && result != LZMA_STREAM_END) {
        return fail(Code::io, "out of memory for LZMA");
      }
      TRY(sink_(Bytes(room_).first(room_.size() - encoder_.stream.avail_out)));
    } while (encoder_.stream.avail_in > 0 || (action == LZMA_FINISH && result == LZMA_OK));
    return {};
  }

  Status wrong_size() const {
    return fail(Code::bad_input, "{} bytes were announced for compression, {} came", size_, seen_);
  }

  Sink sink_;
  board::LzmaParameters parameters_;
  std::uint64_t size_;
  std::uint64_t seen_ = 0;
  bool started_ = false;
  LzmaStream encoder_;
  std::array<std::byte, kLzmaPiece> room_;
};

}  // namespace

std::unique_ptr<Compressor> make_lzma(Sink sink, const board::LzmaParameters& parameters,
                                      std::uint64_t size) {
  return std::make_unique<LzmaCompressor>(std::move(sink), parameters, size);
}

}  // namespace trxkit::trx
