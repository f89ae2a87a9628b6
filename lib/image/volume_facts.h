// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What lies in a partition, told from its superblock alone: kind, label, identifier, and whether it
// was unmounted. Nothing behind the superblock is looked at.
#pragma once

#include <cstdint>
#include <string>

#include "lib/system/file.h"

namespace trxkit::image {

struct VolumeFacts {
  std::string type = {};   ///< "fat12" to "fat32", "ext2" to "ext4", "squashfs", "swap"; or empty
  std::string label = {};  ///< of FAT in capitals, as it is stored
  std::string id = {};     ///< as findfs wants it: "1234-ABCD", "xxxxxxxx-xxxx-..."; empty: none
  bool clean = true;       ///< unmounted, journal empty

  bool is_fat() const { return type.starts_with("fat"); }
  bool is_ext() const { return type.starts_with("ext"); }
};

/// The volume at `offset` (bytes) of `file`. Errors: Code::io.
Result<VolumeFacts> read_volume_facts(const InputFile& file, std::uint64_t offset);

}  // namespace trxkit::image
