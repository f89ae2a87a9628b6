// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/analysis.h"

#include <algorithm>

namespace trxkit::firmware {
namespace {

using trx::Payload;
using trx::PayloadKind;

PartKind kind_of(const Payload& payload) {
  switch (payload.kind) {
    case PayloadKind::squashfs:
      return PartKind::squashfs;
    case PayloadKind::jffs2:
      return PartKind::jffs2;
    case PayloadKind::gzip:
    case PayloadKind::lzma:
    case PayloadKind::elf:
    case PayloadKind::mips_code:
      break;
    case PayloadKind::empty:
    case PayloadKind::unknown:
      return PartKind::unknown;
  }
  if (payload.loader) return PartKind::kernel;
  // Code that is no kernel and stands first is what starts one.
  return payload.banner.empty() && payload.part.number == 1 ? PartKind::loader : PartKind::kernel;
}

const Payload* find_squashfs(const Analysis& analysis) {
  auto found = std::ranges::find_if(
      analysis.payloads, [](const Payload& payload) { return payload.squashfs.has_value(); });
  return found == analysis.payloads.end() ? nullptr : &*found;
}

}  // namespace

Result<Analysis> analyse(const InputFile& file, const board::Board* board, trx::Depth depth) {
  std::optional<std::uint32_t> expected;
  if (board != nullptr) expected = *board->trx.magic;
  Analysis analysis;
  analysis.image = TRY(trx::read_image(file, 0, expected));
  analysis.computed_crc = TRY(trx::compute_crc(file, analysis.image));
  analysis.trailer = TRY(trx::read_trailer(file, analysis.image));
  for (const trx::Part& part : analysis.image.parts) {
    analysis.payloads.push_back(TRY(trx::read_payload(file, analysis.image, part, depth)));
  }
  return analysis;
}

std::uint64_t squashfs_end_of(const Analysis& analysis) {
  const Payload* squashfs = find_squashfs(analysis);
  if (squashfs == nullptr) return analysis.image.length;
  return squashfs->own_end().value_or(squashfs->part.end);
}

Result<std::vector<std::uint64_t>> find_markers(const InputFile& file, const trx::Image& image,
                                                std::uint64_t from) {
  using Word = std::array<std::uint8_t, 4>;
  std::vector<std::uint64_t> markers;
  std::uint64_t offset = align_up(from, trx::kMarkerGrid);
  for (; range_inside(offset, trx::kJffs2Marker.size(), image.available);
       offset += trx::kMarkerGrid) {
    auto word = TRY(file.read_struct<Word>(image.position + offset));
    if (word == trx::kJffs2Marker) markers.push_back(offset);
  }
  return markers;
}

ImageLayout layout_of(const Analysis& analysis, std::uint64_t file_size,
                      std::vector<std::uint64_t> markers) {
  const trx::Image& image = analysis.image;
  ImageLayout layout;
  layout.file = image.file;
  layout.file_size = file_size;
  layout.trx_offset = image.position;
  layout.magic = image.magic;
  layout.version = image.version;
  layout.length = image.length;
  layout.crc_ok = image.crc == analysis.computed_crc;
  layout.written_size = image.available;
  layout.markers = std::move(markers);
  for (const Payload& payload : analysis.payloads) {
    layout.parts.push_back({payload.part.number, payload.part.offset, payload.part.size(),
                            kind_of(payload), payload.label()});
    if (!payload.command_line.empty()) layout.command_line = payload.command_line;
    layout.finds_root_by_name = layout.finds_root_by_name || payload.has_flash_init;
  }
  if (const Payload* squashfs = find_squashfs(analysis)) {
    layout.squashfs_offset = squashfs->part.offset;
    layout.squashfs_end = squashfs->own_end();
  }
  return layout;
}

Result<ImageLayout> read_layout(const InputFile& file) {
  Analysis analysis = TRY(analyse(file, nullptr, trx::Depth::decode));
  auto markers = TRY(find_markers(file, analysis.image, squashfs_end_of(analysis)));
  return layout_of(analysis, file.size(), std::move(markers));
}

}  // namespace trxkit::firmware
