// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Which bytes of a disk image mean something: those that a partition table, the metadata of a file
// system or the contents of a file own, zero or not. Read from the image's own structures; zeros
// and holes of the file say nothing. What is not understood belongs to somebody: it is mapped
// whole.
#pragma once

#include <cstdint>

#include "lib/image/byte_ranges.h"
#include "lib/system/file.h"

namespace trxkit::image {

struct PartitionTable;

struct MappedBlocks {
  ByteRanges ranges;  ///< ascending, of whole blocks, none touches the next
  ByteRanges opaque;  ///< partitions, or the whole image, of a structure not known here
};

/// Unit of `ranges` (bytes): only the image's end cuts a block short.
inline constexpr std::uint64_t kMappedBlock = 4096;

/// The mapped blocks of `image`: MBR, GPT or a file system alone; FAT, ext2/3/4, squashfs and swap.
/// Errors: Code::io; Code::bad_input for structures that lead out of the image or of their
/// partition.
Result<MappedBlocks> mapped_blocks(const InputFile& image);

/// The same of what `table`, on `image`, names: not necessarily all that is there.
Result<MappedBlocks> mapped_blocks(const InputFile& image, const PartitionTable& table);

}  // namespace trxkit::image
