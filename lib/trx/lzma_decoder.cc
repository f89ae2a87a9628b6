// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// LZMA-alone read by liblzma's raw decoder: the header is judged here, so that no file makes us
// allocate what its stream cannot need.
#include <algorithm>
#include <array>
#include <optional>

#include "lib/trx/codec.h"
#include "lib/trx/lzma_header.h"
#include "lib/trx/lzma_stream.h"
#include "lib/trx/lzma_window.h"

namespace trxkit::trx {
namespace {

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
  LzmaStream decoder_;
  std::vector<std::byte> head_;
  Unpacked unpacked_;
  bool complete_ = false;
  std::array<std::byte, kLzmaPiece> room_;
};

}  // namespace

std::unique_ptr<Decompressor> make_lzma_decoder(Sink sink, std::uint64_t limit,
                                                std::uint64_t packed_size, EndMarker end_marker) {
  return std::make_unique<AloneDecoder>(std::move(sink), limit, packed_size, end_marker);
}

Result<Unpacked> unpack_lzma(const FileRange& range, const Sink& sink, std::uint64_t limit) {
  auto decoder = make_lzma_decoder(sink, limit, range.size);
  return unpack(range, *decoder);
}

}  // namespace trxkit::trx
