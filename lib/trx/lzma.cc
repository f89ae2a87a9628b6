// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// LZMA-alone by liblzma. Its own encoder for the format always writes "size unknown" and an end
// marker, which small decoders in boot loaders do not read: so the raw encoder (LZMA1EXT) behind a
// header of our own.
#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <optional>
#include <vector>

#include <lzma.h>
#include <zlib.h>

#include "lib/trx/codec.h"
#include "lib/trx/lzma_header.h"
#include "lib/trx/lzma_window.h"

namespace trxkit::trx {
namespace {

constexpr std::size_t kBuffer = 64 * 1024;

struct Stream {
  lzma_stream stream = LZMA_STREAM_INIT;
  Stream() = default;
  ~Stream() { lzma_end(&stream); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  void give(Bytes bytes) {
    stream.next_in = reinterpret_cast<const std::uint8_t*>(bytes.data());
    stream.avail_in = bytes.size();
  }
  void take(MutableBytes room) {
    stream.next_out = reinterpret_cast<std::uint8_t*>(room.data());
    stream.avail_out = room.size();
  }
};

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
  Stream encoder_;
  std::array<std::byte, kBuffer> room_;
};

std::string fault_of(lzma_ret result) {
  switch (result) {
    case LZMA_MEM_ERROR:
      return "no room for its dictionary";
    case LZMA_OPTIONS_ERROR:
      return "its header is impossible";
    default:
      return "damaged data";
  }
}

// The header is read here and the rest by the raw decoder, so that the dictionary is no larger than
// what is unpacked, whatever the header claims.
class AloneDecoder final : public Decompressor {
 public:
  AloneDecoder(Sink sink, std::uint64_t limit, std::uint64_t packed_size, EndMarker end_marker)
      : sink_(std::move(sink)),
        limit_(limit),
        resident_(kResidentWindow + packed_size),
        end_marker_(end_marker) {}

  Status write(Bytes bytes) override {
    std::size_t wanted = std::min(sizeof(LzmaHeader) - head_.size(), bytes.size());
    if (wanted > 0) {
      head_.insert(head_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(wanted));
      bytes = bytes.subspan(wanted);
      unpacked_.packed_size += wanted;
      if (head_.size() < sizeof(LzmaHeader)) return {};
      start(TRY(ByteReader(head_).read_at<LzmaHeader>(0)));
    }
    while (!bytes.empty() && !ended()) {
      std::size_t step = saving() ? SpilledWindow::kInputStep : bytes.size();
      bytes = bytes.subspan(TRY(decode(bytes.first(std::min(bytes.size(), step)))));
    }
    return {};
  }
  bool ended() const override {
    return complete_ || unpacked_.over_limit || !unpacked_.fault.empty();
  }
  Unpacked finish() override {
    if (!ended()) unpacked_.fault = "ends before the LZMA stream does";
    return unpacked_;
  }

 private:
  // No more of the window can be in memory than has come out.
  bool saving() const { return window_ && unpacked_.size >= resident_; }

  void start(const LzmaHeader& header) {
    if (!plausible(header)) {
      unpacked_.fault = "its header is impossible";
    } else if (header.dictionary > kDictionaryLimit) {
      unpacked_.fault = "its dictionary is too large";
    } else if (lzma_ret result = start_raw(header); result != LZMA_OK) {
      unpacked_.fault = fault_of(result);
    }
  }

  lzma_ret start_raw(const LzmaHeader& header) {
    // What comes out is never further back than its own start.
    std::uint64_t window = std::min<std::uint64_t>(header.dictionary, header.size);
    if (window > resident_) {
      window_.emplace();
      decoder_.stream.allocator = window_->allocator();
    }
    lzma_options_lzma options{};
    options.dict_size = static_cast<std::uint32_t>(std::max<std::uint64_t>(window, 4096));
    options.lc = header.lc();
    options.lp = header.lp();
    options.pb = header.pb();
    bool marker = end_marker_ == EndMarker::allowed || header.size == kLzmaSizeUnknown;
    options.ext_flags = marker ? LZMA_LZMA1EXT_ALLOW_EOPM : 0;
    lzma_set_ext_size(options, header.size);
    std::array<lzma_filter, 2> filters{
        {{LZMA_FILTER_LZMA1EXT, &options}, {LZMA_VLI_UNKNOWN, nullptr}}};
    return lzma_raw_decoder(&decoder_.stream, filters.data());
  }

  // Takes input until there is none left or the window has to be saved; returns how much it took.
  Result<std::size_t> decode(Bytes bytes) {
    decoder_.give(bytes);
    bool saved = saving();
    bool starved = false;
    while (!ended() && !starved) {
      decoder_.take(room_);
      lzma_ret result = lzma_code(&decoder_.stream, LZMA_RUN);
      Bytes fresh = Bytes(room_).first(room_.size() - decoder_.stream.avail_out);
      unpacked_.size += fresh.size();
      TRY(sink_(fresh));
      if (saving()) window_->trim();
      unpacked_.over_limit = unpacked_.size > limit_;
      complete_ = result == LZMA_STREAM_END;
      bool fine = complete_ || result == LZMA_OK || result == LZMA_BUF_ERROR;
      if (!fine && !unpacked_.over_limit) unpacked_.fault = fault_of(result);
      bool smaller_steps = saving() && !saved && decoder_.stream.avail_in > 0;
      starved = smaller_steps || result == LZMA_BUF_ERROR || decoder_.stream.avail_out > 0;
    }
    std::size_t taken = bytes.size() - decoder_.stream.avail_in;
    unpacked_.packed_size += taken;
    return taken;
  }

  Sink sink_;
  std::uint64_t limit_;
  std::uint64_t resident_;
  EndMarker end_marker_;
  std::optional<SpilledWindow> window_;  ///< outlives the decoder, whose memory it is
  Stream decoder_;
  std::vector<std::byte> head_;
  Unpacked unpacked_;
  bool complete_ = false;
  std::array<std::byte, kBuffer> room_;
};

}  // namespace

bool plausible(const LzmaHeader& header) {
  constexpr std::uint32_t kSmallest = 4096;
  constexpr std::uint64_t kLargestSize = std::uint64_t{1} << 32;
  if (header.properties[0] >= lzma_properties(0, 0, 5)) return false;
  std::uint32_t dictionary = header.dictionary;
  std::uint32_t top = std::bit_floor(dictionary);
  bool usual = dictionary == top || dictionary == top + top / 2 ||
               dictionary == std::numeric_limits<std::uint32_t>::max();
  if (!usual || dictionary < kSmallest) return false;
  return header.size == kLzmaSizeUnknown || (header.size > 0 && header.size < kLargestSize);
}

std::vector<std::pair<std::string, std::string>> codec_versions() {
  return {{"zlib", zlibVersion()}, {"liblzma", lzma_version_string()}};
}

std::unique_ptr<Compressor> make_lzma(Sink sink, const board::LzmaParameters& parameters,
                                      std::uint64_t size) {
  return std::make_unique<LzmaCompressor>(std::move(sink), parameters, size);
}

std::unique_ptr<Decompressor> make_lzma_decoder(Sink sink, std::uint64_t limit,
                                                std::uint64_t packed_size, EndMarker end_marker) {
  return std::make_unique<AloneDecoder>(std::move(sink), limit, packed_size, end_marker);
}

Result<Unpacked> unpack_lzma(const FileRange& range, const Sink& sink, std::uint64_t limit) {
  auto decoder = make_lzma_decoder(sink, limit, range.size);
  return unpack(range, *decoder);
}

}  // namespace trxkit::trx
