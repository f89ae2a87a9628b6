// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/unpack.h"

#include <algorithm>
#include <array>
#include <vector>

#define ZLIB_CONST  // zlib.h: inputs are const
#include <lzma.h>
#include <zlib.h>

namespace trxkit::kernel {
namespace {

using namespace std::string_view_literals;

constexpr std::uint64_t kMemoryLimit = 34 << 20;  // 32 MiB dictionary and its tables
constexpr std::size_t kInputBlock = 64 * 1024;
constexpr std::size_t kOutputBlock = 64 * 1024;

struct Signature {
  std::string_view bytes;
  Packing packing;
};

// linux lib/decompress.c, compressed_formats[]; LZMA with its dictionary's low half, which is zero.
constexpr Signature kSignatures[] = {
    {"070701"sv, Packing::none},          {"070702"sv, Packing::none},
    {"\x1f\x8b\x08"sv, Packing::gzip},    {"\xfd\x37zXZ\0"sv, Packing::xz},
    {"\x5d\0\0"sv, Packing::lzma},        {"BZh"sv, Packing::bzip2},
    {"\x89LZO\0"sv, Packing::lzo},        {"\x02\x21\x4c\x18"sv, Packing::lz4},
    {"\x28\xb5\x2f\xfd"sv, Packing::zstd}};

/// A decoder of one library: what it was given and what it delivered in one step.
class Decoder {
 public:
  enum class Step : std::uint8_t { more, end, damaged, too_large };
  virtual ~Decoder() = default;
  /// Takes from `input` and fills `output`, shortening both by what was used.
  virtual Step run(Bytes& input, MutableBytes& output, bool last) = 0;
};

class GzipDecoder : public Decoder {
 public:
  GzipDecoder() {
    constexpr int kGzipOnly = 16;
    if (inflateInit2(&stream_, kGzipOnly + MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }
  ~GzipDecoder() override { inflateEnd(&stream_); }
  GzipDecoder(const GzipDecoder&) = delete;
  GzipDecoder& operator=(const GzipDecoder&) = delete;

  Step run(Bytes& input, MutableBytes& output, bool last) override {
    stream_.next_in = reinterpret_cast<const Bytef*>(input.data());
    stream_.avail_in = static_cast<uInt>(input.size());
    stream_.next_out = reinterpret_cast<Bytef*>(output.data());
    stream_.avail_out = static_cast<uInt>(output.size());
    int result = inflate(&stream_, Z_NO_FLUSH);
    input = input.last(stream_.avail_in);
    output = output.last(stream_.avail_out);
    if (result == Z_STREAM_END) return Step::end;
    bool starved = result == Z_BUF_ERROR && !(last && input.empty());
    return result == Z_OK || starved ? Step::more : Step::damaged;
  }

 private:
  z_stream stream_{};
};

class LzmaDecoder : public Decoder {
 public:
  explicit LzmaDecoder(Packing packing) {
    lzma_ret result = packing == Packing::xz ? lzma_stream_decoder(&stream_, kMemoryLimit, 0)
                                             : lzma_alone_decoder(&stream_, kMemoryLimit);
    if (result != LZMA_OK) throw std::bad_alloc();
  }
  ~LzmaDecoder() override { lzma_end(&stream_); }
  LzmaDecoder(const LzmaDecoder&) = delete;
  LzmaDecoder& operator=(const LzmaDecoder&) = delete;

  Step run(Bytes& input, MutableBytes& output, bool last) override {
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(input.data());
    stream_.avail_in = input.size();
    stream_.next_out = reinterpret_cast<std::uint8_t*>(output.data());
    stream_.avail_out = output.size();
    lzma_ret result = lzma_code(&stream_, last ? LZMA_FINISH : LZMA_RUN);
    input = input.last(stream_.avail_in);
    output = output.last(stream_.avail_out);
    if (result == LZMA_STREAM_END) return Step::end;
    if (result == LZMA_MEMLIMIT_ERROR) return Step::too_large;
    return result == LZMA_OK ? Step::more : Step::damaged;
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

/// Pumps a part of a file through a decoder.
class Pump {
 public:
  Pump(const InputFile& file, FileRange source, std::uint64_t limit,
       const std::function<Status(Bytes)>& sink)
      : file_(file), source_(source), limit_(limit), sink_(sink) {}

  Result<UnpackedSizes> run(Decoder& decoder) {
    std::vector<std::byte> output(kOutputBlock);
    while (true) {
      TRY(refill());
      MutableBytes room = output;
      std::size_t before = pending_.size();
      Decoder::Step step = decoder.run(pending_, room, taken_ == source_.size);
      sizes_.packed += before - pending_.size();
      std::size_t delivered = output.size() - room.size();
      sizes_.unpacked += delivered;
      if (sizes_.unpacked > limit_) return unusable("unpacks to more than can be right");
      TRY(sink_(Bytes(output).first(delivered)));
      if (step == Decoder::Step::end) return sizes_;
      if (step == Decoder::Step::too_large) return unusable("needs a dictionary over 32 MiB");
      bool stuck = delivered == 0 && before == pending_.size() && taken_ == source_.size;
      if (step == Decoder::Step::damaged || stuck) return unusable("is damaged or cut off");
    }
  }

 private:
  Status refill() {
    if (!pending_.empty() || taken_ == source_.size) return {};
    std::uint64_t size = std::min<std::uint64_t>(kInputBlock, source_.size - taken_);
    input_ = TRY(file_.bytes_at(source_.offset + taken_, size));
    if (input_.size() < size) return unusable("reaches past the end of the file");
    taken_ += size;
    pending_ = input_;
    return {};
  }

  std::unexpected<Error> unusable(std::string_view what) const {
    return fail_at({.file = file_.name(), .offset = source_.offset}, Code::bad_input,
                   "the packed stream {}", what);
  }

  const InputFile& file_;
  FileRange source_;
  std::uint64_t limit_;
  const std::function<Status(Bytes)>& sink_;
  std::vector<std::byte> input_;
  Bytes pending_;
  std::uint64_t taken_ = 0;
  UnpackedSizes sizes_;
};

}  // namespace

std::string_view name_of(Packing packing) {
  constexpr std::array kNames{"none", "gzip", "xz", "lzma", "bzip2", "lzo", "lz4", "zstd"};
  return kNames.at(static_cast<std::size_t>(packing));
}

std::string_view option_for(Packing packing) {
  constexpr std::array kOptions{"",         "RD_GZIP", "RD_XZ",  "RD_LZMA",
                                "RD_BZIP2", "RD_LZO",  "RD_LZ4", "RD_ZSTD"};
  return kOptions.at(static_cast<std::size_t>(packing));
}

std::optional<Packing> packing_of(Bytes head) {
  std::string_view text = as_text(head);
  for (const Signature& signature : kSignatures) {
    if (text.starts_with(signature.bytes)) return signature.packing;
  }
  return std::nullopt;
}

std::string_view refusal_of_kernels(Bytes head, Packing packing) {
  // .xz file format 1.1.0, section 2.1.1.2: the second byte behind the magic is the check.
  constexpr std::size_t kCheck = 7;
  constexpr std::byte kNone{0}, kCrc32{1}, kCrc64{4};
  if (packing != Packing::xz || head.size() <= kCheck) return {};
  if (head[kCheck] == kNone || head[kCheck] == kCrc32) return {};
  return head[kCheck] == kCrc64 ? "it is packed by xz with CRC-64, which kernels do not know"
                                : "it is packed by xz with a check that kernels do not know";
}

Result<UnpackedSizes> unpack(const InputFile& file, FileRange source, Packing packing,
                             std::uint64_t limit, const std::function<Status(Bytes)>& sink) {
  if (packing == Packing::gzip) {
    GzipDecoder decoder;
    return Pump(file, source, limit, sink).run(decoder);
  }
  if (packing == Packing::xz || packing == Packing::lzma) {
    LzmaDecoder decoder(packing);
    return Pump(file, source, limit, sink).run(decoder);
  }
  if (packing != Packing::none) {
    return fail_at({.file = file.name(), .offset = source.offset}, Code::bad_input,
                   "is packed with {}, which this tool does not unpack", name_of(packing));
  }
  TRY(file.for_each_block(source.offset, source.size, sink));
  return UnpackedSizes{source.size, source.size};
}

}  // namespace trxkit::kernel
