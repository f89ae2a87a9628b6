// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/pack.h"

#include <algorithm>
#include <array>

#define ZLIB_CONST  // zlib.h: inputs are const
#include <lzma.h>
#include <zlib.h>

namespace trxkit::kernel {
namespace {

constexpr std::size_t kOutputBlock = 64 * 1024;
constexpr std::size_t kInputBlock = 1 << 20;  // fits the counters of both libraries
constexpr std::uint32_t kDictionary = 1 << 20;

class Unpacked : public Packer {
 public:
  explicit Unpacked(Sink sink) : sink_(std::move(sink)) {}
  Status write(Bytes bytes) override { return sink_(bytes); }
  Status finish() override { return {}; }

 private:
  Sink sink_;
};

/// zlib's own gzip header carries neither name nor time.
class GzipPacker : public Packer {
 public:
  explicit GzipPacker(Sink sink) : sink_(std::move(sink)) {
    constexpr int kGzipWindow = 15 + 16;  // a window of 32 KiB, in a gzip wrapper
    constexpr int kMemoryLevel = 9;
    if (deflateInit2(&stream_, Z_BEST_COMPRESSION, Z_DEFLATED, kGzipWindow, kMemoryLevel,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~GzipPacker() override { deflateEnd(&stream_); }
  GzipPacker(const GzipPacker&) = delete;
  GzipPacker& operator=(const GzipPacker&) = delete;

  Status write(Bytes bytes) override {
    while (!bytes.empty()) {
      Bytes piece = bytes.first(std::min(bytes.size(), kInputBlock));
      bytes = bytes.subspan(piece.size());
      stream_.next_in = reinterpret_cast<const Bytef*>(piece.data());
      stream_.avail_in = static_cast<uInt>(piece.size());
      TRY(run(Z_NO_FLUSH));
    }
    return {};
  }
  Status finish() override { return run(Z_FINISH); }

 private:
  Status run(int flush) {
    std::array<std::byte, kOutputBlock> block;
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(block.data());
      stream_.avail_out = static_cast<uInt>(block.size());
      deflate(&stream_, flush);
      TRY(sink_(Bytes(block).first(block.size() - stream_.avail_out)));
    } while (stream_.avail_out == 0);
    return {};
  }

  Sink sink_;
  z_stream stream_{};
};

class LzmaPacker : public Packer {
 public:
  LzmaPacker(Packing packing, Sink sink) : sink_(std::move(sink)) {
    lzma_options_lzma options;
    lzma_lzma_preset(&options, LZMA_PRESET_DEFAULT | LZMA_PRESET_EXTREME);
    options.dict_size = kDictionary;
    std::array<lzma_filter, 2> filters{{{.id = LZMA_FILTER_LZMA2, .options = &options},
                                        {.id = LZMA_VLI_UNKNOWN, .options = nullptr}}};
    lzma_ret result = packing == Packing::xz
                          ? lzma_stream_encoder(&stream_, filters.data(), LZMA_CHECK_CRC32)
                          : lzma_alone_encoder(&stream_, &options);
    if (result != LZMA_OK) throw std::bad_alloc();
  }
  ~LzmaPacker() override { lzma_end(&stream_); }
  LzmaPacker(const LzmaPacker&) = delete;
  LzmaPacker& operator=(const LzmaPacker&) = delete;

  Status write(Bytes bytes) override {
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(bytes.data());
    stream_.avail_in = bytes.size();
    while (stream_.avail_in != 0) TRY(step(LZMA_RUN));
    return {};
  }
  Status finish() override {
    while (!ended_) TRY(step(LZMA_FINISH));
    return {};
  }

 private:
  Status step(lzma_action action) {
    std::array<std::byte, kOutputBlock> block;
    stream_.next_out = reinterpret_cast<std::uint8_t*>(block.data());
    stream_.avail_out = block.size();
    lzma_ret result = lzma_code(&stream_, action);
    ended_ = result == LZMA_STREAM_END;
    if (result != LZMA_OK && !ended_) {
      return fail(Code::io, "cannot pack the initramfs: liblzma says {}", static_cast<int>(result));
    }
    return sink_(Bytes(block).first(block.size() - stream_.avail_out));
  }

  Sink sink_;
  lzma_stream stream_ = LZMA_STREAM_INIT;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<Packer> make_packer(Packing packing, Packer::Sink sink) {
  switch (packing) {
    case Packing::none:
      return std::make_unique<Unpacked>(std::move(sink));
    case Packing::gzip:
      return std::make_unique<GzipPacker>(std::move(sink));
    case Packing::xz:
    case Packing::lzma:
      return std::make_unique<LzmaPacker>(packing, std::move(sink));
    default:
      return nullptr;
  }
}

}  // namespace trxkit::kernel
