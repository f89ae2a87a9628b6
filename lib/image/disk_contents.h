// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What a disk holds, in the words of libblkid: for people who are asked whether it may be
// overwritten. Nothing is decided by it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/system/file.h"

namespace trxkit::image {

struct DiskContent {
  std::uint64_t offset = 0;  ///< bytes from the start of the disk
  std::uint64_t size = 0;    ///< bytes
  std::string type;          ///< "vfat", "ext4", "dos" (a partition table), "gpt"; empty: unknown
  std::string label;         ///< of the file system; may be empty
};

/// The partition table or file system of `disk`, then its partitions in their order; nothing for an
/// empty disk. Errors: Code::io.
Result<std::vector<DiskContent>> disk_contents(const InputFile& disk);

}  // namespace trxkit::image
