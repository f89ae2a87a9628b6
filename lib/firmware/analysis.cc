// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/analysis.h"

#include <algorithm>
#include <limits>

#include "lib/firmware/flash_layout.h"

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

// What was written to the flash, without what the running system keeps behind it.
std::uint64_t contents_end(const Analysis& analysis) {
  std::uint64_t end = analysis.image.length;
  for (const Payload& payload : analysis.payloads) {
    std::uint64_t own_end = payload.own_end().value_or(payload.part.offset);
    end = std::max(end, std::min(own_end, analysis.image.available));
  }
  return end;
}

std::optional<std::uint32_t> magic_of(const board::Board* board) {
  if (board == nullptr) return std::nullopt;
  return *board->trx.magic;
}

Result<Analysis> read_contents(const InputFile& file, trx::Wrapped wrapped, trx::Depth depth) {
  Analysis analysis;
  analysis.container = std::move(wrapped.container);
  analysis.image = std::move(wrapped.image);
  analysis.fourth = wrapped.fourth;
  analysis.computed_crc = TRY(trx::compute_crc(file, analysis.image));
  analysis.trailer = TRY(trx::read_trailer(file, analysis.image));
  for (const trx::Part& part : analysis.image.parts) {
    analysis.payloads.push_back(TRY(trx::read_payload(file, analysis.image, part, depth)));
  }
  return analysis;
}

}  // namespace

bool is_whole_chip(const InputFile& file, const board::Board* board) {
  return board != nullptr && file.size() == *board->flash.size;
}

Result<Analysis> analyse(const InputFile& file, const board::Board* board, trx::Depth depth,
                         const trx::Place& place) {
  return read_contents(file, TRY(trx::read_wrapped(file, place, magic_of(board))), depth);
}

Result<Analysis> analyse_dump(const InputFile& file, const board::Board* board, trx::Depth depth,
                              std::optional<std::uint64_t> position) {
  bool whole_chip = !position && is_whole_chip(file, board);
  if (whole_chip) position = *board->partition(board::PartitionRole::firmware)->offset;
  auto wrapped = trx::read_wrapped(file, {.position = position.value_or(0), .embedded = true},
                                   magic_of(board));
  if (!wrapped) {
    wrapped.error().hint =
        board == nullptr
            ? "name the board with --board if this is a dump of a whole chip, or the place of the "
              "image with --offset: inspect --scan finds it"
            : fmt::format(
                  "a dump of the whole flash of {} has {} bytes, this file {}; in other "
                  "dumps --offset says where the image starts",
                  board->name, *board->flash.size, file.size());
    return std::unexpected(std::move(wrapped).error());
  }
  std::uint64_t room = std::numeric_limits<std::uint64_t>::max();
  if (board != nullptr) room = firmware_limit(*board) - firmware_offset(*board);
  wrapped->image.available = file.size() - wrapped->image.position;
  trx::take_as_dump(wrapped->image, room);
  return read_contents(file, *std::move(wrapped), depth);
}

std::uint64_t squashfs_end_of(const Analysis& analysis) {
  const Payload* squashfs = find_squashfs(analysis);
  if (squashfs == nullptr) return analysis.image.length;
  return std::min(squashfs->own_end().value_or(squashfs->part.end), squashfs->part.end);
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
  layout.from_flash = image.from_flash;
  layout.written_size = image.from_flash ? contents_end(analysis) : image.available;
  layout.markers = std::move(markers);
  for (const Payload& payload : analysis.payloads) {
    layout.parts.push_back({payload.part.number, payload.part.offset, payload.part.size(),
                            kind_of(payload), payload.label()});
    if (!payload.command_line.empty()) layout.command_line = payload.command_line;
    layout.is_second_stage = layout.is_second_stage || payload.has_search;
    layout.finds_root_by_name =
        layout.finds_root_by_name || payload.has_flash_init || payload.has_search;
  }
  if (const Payload* squashfs = find_squashfs(analysis)) {
    layout.squashfs_offset = squashfs->part.offset;
    if (squashfs->own_end()) layout.squashfs_end = squashfs_end_of(analysis);
  }
  return layout;
}

Result<ImageLayout> read_layout(const InputFile& file) {
  Analysis analysis = TRY(analyse(file, nullptr, trx::Depth::decode));
  auto markers = TRY(find_markers(file, analysis.image, squashfs_end_of(analysis)));
  return layout_of(analysis, file.size(), std::move(markers));
}

}  // namespace trxkit::firmware
