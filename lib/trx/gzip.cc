// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// gzip by zlib (RFC 1952).
#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include <zlib.h>

#include "lib/trx/codec.h"

namespace trxkit::trx {
namespace {

constexpr std::size_t kBuffer = 64 * 1024;
constexpr int kGzipWindow = 15 + 16;  // zlib: 32 KiB window, gzip wrapping

void give(z_stream& stream, Bytes bytes) {
  // zlib does not write to its input; its interface is older than const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
}

void take(z_stream& stream, MutableBytes room) {
  stream.next_out = reinterpret_cast<Bytef*>(room.data());
  stream.avail_out = static_cast<uInt>(room.size());
}

class GzipCompressor final : public Compressor {
 public:
  explicit GzipCompressor(Sink sink) : sink_(std::move(sink)) {
    // Level 9, memory level 9: the smallest that deflate makes.
    ready_ = deflateInit2(&stream_, 9, Z_DEFLATED, kGzipWindow, 9, Z_DEFAULT_STRATEGY) == Z_OK;
    header_.os = 3;  // Unix, whatever the host
    if (ready_) deflateSetHeader(&stream_, &header_);
  }
  ~GzipCompressor() override { deflateEnd(&stream_); }
  GzipCompressor(const GzipCompressor&) = delete;
  GzipCompressor& operator=(const GzipCompressor&) = delete;

  Status write(Bytes bytes) override {
    constexpr std::size_t kLargest = std::numeric_limits<uInt>::max();
    while (!bytes.empty()) {
      Bytes piece = bytes.first(std::min(bytes.size(), kLargest));
      bytes = bytes.subspan(piece.size());
      give(stream_, piece);
      TRY(pump(Z_NO_FLUSH));
    }
    return {};
  }
  Status finish() override {
    give(stream_, {});
    return pump(Z_FINISH);
  }

 private:
  Status pump(int flush) {
    if (!ready_) return fail(Code::io, "out of memory for gzip");
    int result = Z_OK;
    do {
      take(stream_, room_);
      result = deflate(&stream_, flush);
      TRY(sink_(Bytes(room_).first(room_.size() - stream_.avail_out)));
    } while (stream_.avail_out == 0 || (flush == Z_FINISH && result == Z_OK));
    return {};
  }

  Sink sink_;
  z_stream stream_{};
  gz_header header_{};
  bool ready_ = false;
  std::array<std::byte, kBuffer> room_;
};

std::string fault_of(const z_stream& stream, int result) {
  if (result == Z_NEED_DICT) return "wants a preset dictionary";
  if (stream.msg != nullptr) return stream.msg;
  return result == Z_MEM_ERROR ? "out of memory" : "damaged data";
}

class GzipDecoder final : public Decompressor {
 public:
  GzipDecoder(Sink sink, std::uint64_t limit) : sink_(std::move(sink)), limit_(limit) {
    ready_ = inflateInit2(&stream_, kGzipWindow) == Z_OK;
  }
  ~GzipDecoder() override { inflateEnd(&stream_); }
  GzipDecoder(const GzipDecoder&) = delete;
  GzipDecoder& operator=(const GzipDecoder&) = delete;

  Status write(Bytes bytes) override {
    if (!ready_) return fail(Code::io, "out of memory for gzip");
    give(stream_, bytes);
    int result = Z_OK;
    while (!ended() && result != Z_BUF_ERROR) {
      take(stream_, room_);
      result = inflate(&stream_, Z_NO_FLUSH);
      Bytes fresh = Bytes(room_).first(room_.size() - stream_.avail_out);
      unpacked_.size += fresh.size();
      TRY(sink_(fresh));
      unpacked_.over_limit = unpacked_.size > limit_;
      complete_ = result == Z_STREAM_END;
      bool fine = complete_ || result == Z_OK || result == Z_BUF_ERROR;
      if (!fine && !unpacked_.over_limit) unpacked_.fault = fault_of(stream_, result);
    }
    unpacked_.packed_size += bytes.size() - stream_.avail_in;
    return {};
  }
  bool ended() const override {
    return complete_ || unpacked_.over_limit || !unpacked_.fault.empty();
  }
  Unpacked finish() override {
    if (!ended()) unpacked_.fault = "ends before the gzip member does";
    return unpacked_;
  }

 private:
  Sink sink_;
  std::uint64_t limit_;
  z_stream stream_{};
  Unpacked unpacked_;
  bool ready_ = false;
  bool complete_ = false;
  std::array<std::byte, kBuffer> room_;
};

}  // namespace

std::unique_ptr<Compressor> make_gzip(Sink sink) {
  return std::make_unique<GzipCompressor>(std::move(sink));
}

Result<Unpacked> unpack_gzip(const FileRange& range, const Sink& sink, std::uint64_t limit) {
  GzipDecoder decoder(sink, limit);
  return unpack(range, decoder);
}

}  // namespace trxkit::trx
