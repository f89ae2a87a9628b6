// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/trx/trailer.h"

#include <algorithm>

namespace trxkit::trx {
namespace {

bool is_padding(std::byte byte) {
  return byte == std::byte{0x00} || byte == std::byte{0xff};
}

bool is_marker(Bytes bytes) {
  return std::ranges::equal(bytes, std::as_bytes(std::span(kJffs2Marker)));
}

// Judges one piece that starts `offset` bytes behind the header; pieces end on the marker grid.
void judge_piece(Bytes piece, std::uint64_t offset, Trailer& trailer) {
  for (std::size_t i = 0; i < piece.size(); ++i) {
    if (is_padding(piece[i])) continue;
    std::uint64_t here = offset + i;
    if (here % kMarkerGrid == 0 && piece.size() - i >= kJffs2Marker.size() &&
        is_marker(piece.subspan(i, kJffs2Marker.size()))) {
      trailer.markers.push_back(here);
      i += kJffs2Marker.size() - 1;
    } else if (!trailer.foreign) {
      trailer.foreign = here;
    }
  }
}

}  // namespace

Result<Trailer> read_padding(const InputFile& file, const Image& image, std::uint64_t from,
                             std::uint64_t to) {
  constexpr std::uint64_t kStep = 16 * kMarkerGrid;
  Trailer trailer;
  to = std::min(to, image.available);
  while (from < to) {
    std::uint64_t next = std::min(from - from % kStep + kStep, to);
    std::vector<std::byte> piece = TRY(file.bytes_at(image.position + from, next - from));
    judge_piece(piece, from, trailer);
    from = next;
  }
  return trailer;
}

Result<Trailer> read_trailer(const InputFile& file, const Image& image) {
  return read_padding(file, image, image.length, image.available);
}

}  // namespace trxkit::trx
