// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A disk image on a disk that is larger: its last file system reaches to the end of that, and so
// does a GPT. What changes is made in files of its own; the image stays as it is, and is not
// copied.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lib/image/partition_table.h"
#include "lib/system/env.h"
#include "lib/system/file.h"

namespace trxkit::image {

/// What of an image becomes larger.
struct DiskGrowth {
  std::uint64_t disk_size = 0;              ///< bytes of the larger disk
  ByteRange kept = {};                      ///< partitions that stay as they are lie in here
  std::optional<FoundPartition> partition;  ///< the last one, if it grows
  std::uint64_t size = 0;                   ///< bytes that it will have
};

/// How `image` grows on a disk of `disk_size` bytes: its last partition, if that holds an ext file
/// system labelled `label`, to the last whole MiB of the disk; the second copy of a GPT to its end.
/// Nothing where nothing changes. Errors: those of read_partition_table().
Result<std::optional<DiskGrowth>> plan_growth(const InputFile& image, std::uint64_t disk_size,
                                              const std::string& label);

/// What goes onto the larger disk instead of what the image has there.
struct GrownDisk {
  TemporaryDirectory scratch;
  InputFile table;       ///< sparse, as large as the disk
  ByteRanges table_own;  ///< what of it the partition table owns
  /// The partition that has grown, sparse, and what is mapped of it (from its own start).
  std::optional<InputFile> volume = {};
  ByteRanges volume_mapped = {};
};

/// Carries out `growth` in a scratch folder; the file system is checked and grown by e2fsprogs.
/// Errors: Code::bad_input where it has faults that e2fsck does not mend by itself;
/// Code::external_tool, Code::io.
Result<GrownDisk> grow_disk(const InputFile& image, const DiskGrowth& growth, const Env& env);

}  // namespace trxkit::image
