// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/image/mapped_blocks.h"

#include <algorithm>

#include "lib/image/block_collector.h"
#include "lib/image/partition_table.h"

namespace trxkit::image {
namespace {

Status map_volume(const Volume& volume, BlockCollector& blocks) {
  for (auto* map : {map_ext, map_squashfs, map_swap, map_fat}) {
    if (TRY(map(volume, blocks))) return {};
  }
  blocks.add_opaque(volume);
  return {};
}

}  // namespace

Status BlockCollector::add(const Volume& volume, std::uint64_t offset, std::uint64_t size) {
  if (!range_inside(offset, size, volume.place.size)) {
    return fail_at(volume.where(), Code::bad_input,
                   "{} bytes from {:#x} belong to something in here, but it ends after {} bytes",
                   size, offset, volume.place.size);
  }
  ByteRanges& ranges = collected_.ranges;
  std::uint64_t start = volume.place.offset + offset;
  bool follows = !ranges.empty() && ranges.back().end() == start;
  if (follows) {
    ranges.back().size += size;
  } else if (size > 0) {
    ranges.push_back({start, size});
  }
  return {};
}

void BlockCollector::add_opaque(const Volume& volume) {
  if (volume.place.size == 0) return;
  collected_.ranges.push_back(volume.place);
  collected_.opaque.push_back(volume.place);
}

MappedBlocks BlockCollector::result(std::uint64_t image_size) && {
  ByteRanges blocks;
  for (const ByteRange& range : collected_.ranges) {
    std::uint64_t start = range.offset / kMappedBlock * kMappedBlock;
    std::uint64_t end = std::min(align_up(range.end(), kMappedBlock), image_size);
    blocks.push_back({start, end - start});
  }
  collected_.ranges = united(std::move(blocks));
  return std::move(collected_);
}

Result<MappedBlocks> mapped_blocks(const InputFile& image) {
  return mapped_blocks(image, TRY(read_partition_table(image)));
}

Result<MappedBlocks> mapped_blocks(const InputFile& image, const PartitionTable& table) {
  BlockCollector blocks;
  for (const ByteRange& range : table.own) {
    TRY(blocks.add({image, {0, image.size()}}, range.offset, range.size));
  }
  for (const FoundPartition& partition : table.partitions) {
    TRY(map_volume({image, {partition.offset, partition.size}}, blocks));
  }
  return std::move(blocks).result(image.size());
}

}  // namespace trxkit::image
