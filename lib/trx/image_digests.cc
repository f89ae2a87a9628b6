// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Hashes for the manifest, of the bytes that were written. They cost more time than the writing, so
// the whole and its pieces are hashed by two threads.
#include <future>

#include "lib/trx/compose.h"

namespace trxkit::trx {
namespace {

// Hashes of pieces and parts. A part of one piece, as most are, is hashed once.
class PieceHashes {
 public:
  PieceHashes(const Composition& composition, const InputFile& file)
      : composition_(composition), file_(file), pieces_(composition.offsets().size()) {
    for (const Piece& piece : composition.pieces()) {
      if (piece.part > 0) ++pieces_[piece.part - 1];
    }
    shared_.resize(pieces_.size());
    digests_.parts.resize(pieces_.size());
  }

  Result<Digests> run() {
    std::uint64_t offset = file_.size() - composition_.size() + composition_.header_size();
    for (const Piece& piece : composition_.pieces()) {
      if (piece.source) TRY(hash(piece, offset));
      offset += piece.size;
    }
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      if (pieces_[i] > 1) digests_.parts[i] = shared_[i].digest();
    }
    return std::move(digests_);
  }

 private:
  Status hash(const Piece& piece, std::uint64_t offset) {
    bool shares = piece.part > 0 && pieces_[piece.part - 1] > 1;
    Sha256 alone;
    TRY(file_.for_each_block(offset, piece.size, [&](Bytes bytes) -> Status {
      alone.update(bytes);
      if (shares) shared_[piece.part - 1].update(bytes);
      return {};
    }));
    digests_.sources.push_back(alone.digest());
    if (piece.part > 0 && !shares) digests_.parts[piece.part - 1] = digests_.sources.back();
    return {};
  }

  const Composition& composition_;
  const InputFile& file_;
  std::vector<std::size_t> pieces_;  ///< how many each part has
  std::vector<Sha256> shared_;       ///< of the parts with several
  Digests digests_;
};

}  // namespace

Result<Digests> digests_of(const Composition& composition, const InputFile& file) {
  auto whole = std::async([&] { return sha256_of(file); });
  auto digests = PieceHashes(composition, file).run();
  auto digest = whole.get();
  if (!digests) return digests;
  digests->whole = TRY(std::move(digest));
  return digests;
}

}  // namespace trxkit::trx
