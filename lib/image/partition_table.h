// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The partitions of a disk as Linux finds them: MBR (its four primaries), GPT, or none. It reads
// what others may have written, and changes nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/image/mapped_blocks.h"
#include "lib/system/file.h"

namespace trxkit::image {

struct FoundPartition {
  std::uint32_t number = 0;  ///< from 1, as in the name of its device
  std::uint64_t offset = 0;  ///< bytes
  std::uint64_t size = 0;    ///< bytes, not 0
};

struct PartitionTable {
  std::string kind;  ///< "mbr", "gpt", "none"
  /// By number; without a table one that is the whole disk.
  std::vector<FoundPartition> partitions;
  /// What belongs to the table itself: of an MBR all in front of the first partition, where boot
  /// loaders of PCs lie; of a GPT both its copies.
  std::vector<ByteRange> own = {};
};

/// The table of `disk`. A boot sector of FAT is none, though it ends as an MBR does. Errors:
/// Code::bad_input with STK046 for a damaged GPT, and for a partition that leaves the disk;
/// Code::io.
Result<PartitionTable> read_partition_table(const InputFile& disk);

}  // namespace trxkit::image
