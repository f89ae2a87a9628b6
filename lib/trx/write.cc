// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The bytes of a Composition on their way into a file, checksums taken as they pass.
#include <algorithm>
#include <functional>
#include <utility>

#include "lib/trx/compose.h"

namespace trxkit::trx {
namespace {

using Visitor = std::function<Status(const Piece*, Bytes)>;

Status visit_fill(const Piece& piece, const Visitor& visit) {
  const std::vector<std::byte> block(
      static_cast<std::size_t>(std::min<std::uint64_t>(piece.size, 65536)), std::byte{piece.fill});
  for (std::uint64_t left = piece.size; left > 0;) {
    auto step = static_cast<std::size_t>(std::min<std::uint64_t>(left, block.size()));
    TRY(visit(&piece, Bytes(block).first(step)));
    left -= step;
  }
  return {};
}

// All bytes of the file in order: the header (piece null; its CRC is not known yet), then the
// pieces.
Status visit_bytes(const Composition& composition, const Visitor& visit) {
  TrxHeaderV2 header = composition.header(0);
  TRY(visit(nullptr, as_bytes(header).first(composition.header_size())));
  for (const Piece& piece : composition.pieces()) {
    if (!piece.source) {
      TRY(visit_fill(piece, visit));
      continue;
    }
    const FileRange& source = *piece.source;
    TRY(source.file->for_each_block(source.offset, source.size,
                                    [&](Bytes bytes) { return visit(&piece, bytes); }));
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

// SHA-256 of every piece that comes from a file, and of the parts that they make. A part of one
// piece, as most are, is hashed once.
class SourceHashes {
 public:
  explicit SourceHashes(const Composition& composition) : pieces_(composition.offsets().size()) {
    for (const Piece& piece : composition.pieces()) {
      if (piece.part > 0) ++pieces_[piece.part - 1];
    }
    parts_.resize(pieces_.size());
    sums_.part_digests.resize(pieces_.size());
  }

  void update(const Piece* piece, Bytes bytes) {
    if (piece != piece_) next(piece);
    if (piece == nullptr || !piece->source) return;
    hash_.update(bytes);
    if (shares_part(*piece)) parts_[piece->part - 1].update(bytes);
  }
  Checksums finish(std::uint32_t crc) {
    next(nullptr);
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (pieces_[i] > 1) sums_.part_digests[i] = parts_[i].digest();
    }
    sums_.crc = crc;
    return std::move(sums_);
  }

 private:
  bool shares_part(const Piece& piece) const {
    return piece.part > 0 && pieces_[piece.part - 1] > 1;
  }
  void next(const Piece* piece) {
    if (piece_ != nullptr && piece_->source) {
      sums_.source_digests.push_back(std::exchange(hash_, Sha256()).digest());
      if (piece_->part > 0) sums_.part_digests[piece_->part - 1] = sums_.source_digests.back();
    }
    piece_ = piece;
  }

  const Piece* piece_ = nullptr;
  Sha256 hash_;
  std::vector<std::size_t> pieces_;  ///< how many each part has
  std::vector<Sha256> parts_;
  Checksums sums_;
};

}  // namespace

Result<Checksums> write_image(const Composition& composition, OutputFile& output) {
  ImageCrc crc(composition.image({}, 0));
  SourceHashes hashes(composition);
  TRY(visit_bytes(composition, [&](const Piece* piece, Bytes bytes) -> Status {
    crc.update(bytes);
    hashes.update(piece, bytes);
    return output.write(bytes);
  }));
  TrxHeaderV2 header = composition.header(crc.value());
  TRY(output.write_at(0, as_bytes(header).first(composition.header_size())));
  return hashes.finish(crc.value());
}

}  // namespace trxkit::trx
