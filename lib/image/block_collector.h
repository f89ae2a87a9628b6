// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What the readers of mapped_blocks() share: where the file system lies that is read, and the
// blocks that it owns.
#pragma once

#include "lib/image/mapped_blocks.h"

namespace trxkit::image {

/// A partition, or the whole image.
struct Volume {
  const InputFile& image;
  ByteRange place;

  /// "stick.img@0x100000", for messages.
  Where where() const { return {image.name(), place.offset}; }
};

/// Collects ranges in any order; overlapping ones count once.
class BlockCollector {
 public:
  /// `size` bytes from `offset` bytes behind the start of `volume`. Errors: Code::bad_input where
  /// that leads out of it.
  Status add(const Volume& volume, std::uint64_t offset, std::uint64_t size);
  /// All of `volume`, which nothing here understands.
  void add_opaque(const Volume& volume);
  /// In blocks, none behind `image_size` bytes.
  MappedBlocks result(std::uint64_t image_size) &&;

 private:
  MappedBlocks collected_;
};

/// Each adds what the file system in `volume` owns and returns true, or false where there is none
/// of its kind. Errors: those of mapped_blocks().
Result<bool> map_fat(const Volume& volume, BlockCollector& blocks);
Result<bool> map_ext(const Volume& volume, BlockCollector& blocks);
Result<bool> map_squashfs(const Volume& volume, BlockCollector& blocks);
Result<bool> map_swap(const Volume& volume, BlockCollector& blocks);

}  // namespace trxkit::image
