// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/archive/read_window.h"

#include <algorithm>
#include <utility>

namespace trxkit::archive {
namespace {

constexpr std::size_t kPiece = 64 * 1024;

bool is_zero(Bytes bytes) {
  return std::ranges::all_of(bytes, [](std::byte byte) { return byte == std::byte{0}; });
}

}  // namespace

Result<Bytes> ReadWindow::next() {
  if (std::exchange(ahead_, false)) return pieces_[current_].bytes;
  if (ended_) return Bytes();
  const Piece& last = pieces_[current_];
  std::uint64_t position = last.position + last.bytes.size();
  current_ = 1 - current_;
  Piece& piece = pieces_[current_];
  piece.position = position;
  piece.bytes.resize(kPiece);
  piece.bytes.resize(TRY(read_fully(*stream_, piece.bytes)));
  ended_ = piece.bytes.size() < kPiece;
  return piece.bytes;
}

bool ReadWindow::zero_where_seen(const Piece& piece, std::uint64_t from, std::uint64_t to) {
  std::uint64_t start = std::max(from, piece.position);
  std::uint64_t end = std::min(to, piece.position + piece.bytes.size());
  if (start >= end) return true;
  return is_zero(Bytes(piece.bytes)
                     .subspan(static_cast<std::size_t>(start - piece.position),
                              static_cast<std::size_t>(end - start)));
}

Result<bool> ReadWindow::all_zero(std::uint64_t position, std::uint64_t length) {
  std::uint64_t end = position + length;
  for (const Piece& piece : pieces_) {
    if (!zero_where_seen(piece, position, end)) return false;
  }
  while (pieces_[current_].position + pieces_[current_].bytes.size() < end) {
    if (TRY(next()).empty()) return false;
    if (!zero_where_seen(pieces_[current_], position, end)) return false;
  }
  return true;
}

Result<std::vector<std::byte>> ReadWindow::peek(std::uint64_t position, std::size_t length) {
  const Piece& last = pieces_[current_];
  if (last.position + last.bytes.size() < position + length && !ahead_ && !ended_) {
    TRY(next());
    ahead_ = true;
  }
  std::vector<std::byte> found;
  for (unsigned i : {1 - current_, current_}) {
    const Piece& piece = pieces_[i];
    std::uint64_t start = position + found.size();
    if (start < piece.position || start >= piece.position + piece.bytes.size()) continue;
    Bytes rest = Bytes(piece.bytes).subspan(static_cast<std::size_t>(start - piece.position));
    rest = rest.first(std::min(rest.size(), length - found.size()));
    found.insert(found.end(), rest.begin(), rest.end());
  }
  return found;
}

Result<bool> ReadWindow::rest_is_zero(std::uint64_t position) {
  bool zero = true;
  for (const Piece& piece : pieces_) zero = zero && zero_where_seen(piece, position, ~0ULL);
  while (!TRY(next()).empty()) {
    zero = zero && zero_where_seen(pieces_[current_], position, ~0ULL);
  }
  return zero;
}

Status ReadWindow::drain() {
  while (!TRY(next()).empty()) {
  }
  return {};
}

std::vector<std::byte> ReadWindow::tail(std::size_t length) const {
  const Piece& last = pieces_[current_];
  std::vector<std::byte> bytes = pieces_[1 - current_].bytes;
  bytes.insert(bytes.end(), last.bytes.begin(), last.bytes.end());
  bytes.erase(bytes.begin(),
              bytes.end() - static_cast<std::ptrdiff_t>(std::min(length, bytes.size())));
  return bytes;
}

}  // namespace trxkit::archive
