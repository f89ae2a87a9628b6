// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The bytes of a Composition on their way into a file, their CRC taken as they pass.
#include <algorithm>
#include <functional>

#include "lib/trx/compose.h"

namespace trxkit::trx {
namespace {

using Visitor = std::function<Status(Bytes)>;

Status visit_fill(const Piece& piece, const Visitor& visit) {
  const std::vector<std::byte> block(
      static_cast<std::size_t>(std::min<std::uint64_t>(piece.size, 65536)), std::byte{piece.fill});
  for (std::uint64_t left = piece.size; left > 0;) {
    auto step = static_cast<std::size_t>(std::min<std::uint64_t>(left, block.size()));
    TRY(visit(Bytes(block).first(step)));
    left -= step;
  }
  return {};
}

// All bytes of the image in order: the header (its CRC is not known yet), then the pieces.
Status visit_bytes(const Composition& composition, const Visitor& visit) {
  TrxHeaderV2 header = composition.header(0);
  TRY(visit(as_bytes(header).first(composition.header_size())));
  for (const Piece& piece : composition.pieces()) {
    if (!piece.source) {
      TRY(visit_fill(piece, visit));
      continue;
    }
    const FileRange& source = *piece.source;
    TRY(source.file->for_each_block(source.offset, source.size, visit));
  }
  return {};
}

// The CRC over [kCrcStart, length) of consecutive bytes, version 2's masked bytes as 0xFF.
class ImageCrc {
 public:
  explicit ImageCrc(const Image& image) : end_(image.length), mask_(masked_bytes(image)) {}

  void update(Bytes bytes) {
    take(bytes, kCrcStart, mask_ != 0 ? mask_ : end_);
    if (mask_ != 0) {
      static constexpr std::array<std::uint8_t, kMaskLength> kMask{0xff, 0xff, 0xff, 0xff,
                                                                   0xff, 0xff, 0xff, 0xff};
      if (position_ <= mask_ && position_ + bytes.size() > mask_) {
        crc_.update(std::as_bytes(std::span(kMask)));
      }
      take(bytes, mask_ + kMaskLength, end_);
    }
    position_ += bytes.size();
  }
  std::uint32_t value() const { return crc_.jamcrc(); }

 private:
  // The bytes that lie in [from, to).
  void take(Bytes bytes, std::uint64_t from, std::uint64_t to) {
    std::uint64_t start = std::max(from, position_);
    std::uint64_t stop = std::min(to, position_ + bytes.size());
    if (start >= stop) return;
    crc_.update(bytes.subspan(static_cast<std::size_t>(start - position_),
                              static_cast<std::size_t>(stop - start)));
  }

  Crc32 crc_;
  std::uint64_t position_ = 0;
  std::uint64_t end_;
  std::uint64_t mask_;
};

}  // namespace

Result<std::uint32_t> write_image(const Composition& composition, OutputFile& output) {
  std::uint64_t start = output.position();
  ImageCrc crc(composition.image({}, 0));
  TRY(visit_bytes(composition, [&](Bytes bytes) -> Status {
    crc.update(bytes);
    return output.write(bytes);
  }));
  TrxHeaderV2 header = composition.header(crc.value());
  TRY(output.write_at(start, as_bytes(header).first(composition.header_size())));
  return crc.value();
}

}  // namespace trxkit::trx
