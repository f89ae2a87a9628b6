// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Partition tables on image files, through libfdisk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "lib/system/file.h"

namespace trxkit::image {

struct DiskPartition {
  std::uint64_t offset = 0;  ///< bytes, a multiple of 512
  std::uint64_t size = 0;    ///< bytes, a multiple of 512
  /// MBR type: 0x0c FAT32 (LBA), 0x0e FAT16 (LBA), 0x83 Linux, 0x82 swap. A GPT gets the type that
  /// says the same.
  std::uint8_t type = 0x83;
  bool bootable = false;  ///< MBR only
  std::string name = {};  ///< GPT only: at most 36 characters of ASCII
  std::string uuid = {};  ///< GPT only: "xxxxxxxx-xxxx-..."
};

/// Bytes at the end of a disk that belong to its GPT: the second header and its 128 entries.
inline constexpr std::uint64_t kGptTail = 33 * 512;

/// Writes an MBR with at most four primary partitions onto `output`, whose size must be final.
/// `disk_id`: the MBR's identifier, fixed so that equal builds are equal. Errors: Code::io;
/// Code::does_not_fit for partitions that overlap each other or the table, or leave the disk;
/// Code::usage for partitions that are not made of whole sectors; Code::refused where `output` is a
/// pipe or device.
Status write_mbr(OutputFile& output, std::uint32_t disk_id,
                 const std::vector<DiskPartition>& partitions);

/// Writes a GPT with at most 128 partitions onto `output`, whose size must be final, with the
/// customary protective MBR. `disk_uuid`: the disk's GUID. Errors as write_mbr(), Code::usage also
/// for what is no UUID.
Status write_gpt(OutputFile& output, const std::string& disk_uuid,
                 const std::vector<DiskPartition>& partitions);

/// Makes the partition `number` (from 1; 0: none) of the table on the image file `disk` `size`
/// bytes long, which must be free behind it, and puts the second copy of a GPT at the end of the
/// file. Everything else of the table stays. Errors: Code::io.
Status resize_partition(const std::filesystem::path& disk, std::uint32_t number,
                        std::uint64_t size);

}  // namespace trxkit::image
