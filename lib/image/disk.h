// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Partition tables on image files, through libfdisk.
#pragma once

#include <cstdint>
#include <vector>

#include "lib/system/file.h"

namespace trxkit::image {

struct DiskPartition {
  std::uint64_t offset = 0;  ///< bytes, a multiple of 512
  std::uint64_t size = 0;    ///< bytes, a multiple of 512
  std::uint8_t type = 0x83;  ///< MBR type: 0x0c FAT32 (LBA), 0x83 Linux, 0x82 swap
  bool bootable = false;
};

/// Writes an MBR with at most four primary partitions onto `output`, whose size must be final.
/// `disk_id`: the MBR's identifier, fixed so that equal builds are equal. Errors: Code::io;
/// Code::does_not_fit for partitions that overlap each other or the table, or leave the disk;
/// Code::usage for partitions that are not made of whole sectors; Code::refused where `output` is a
/// pipe or device.
Status write_mbr(OutputFile& output, std::uint32_t disk_id,
                 const std::vector<DiskPartition>& partitions);

}  // namespace trxkit::image
