// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// An image file opened by libfdisk, with nothing left to what libfdisk would find out about the
// host.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include <libfdisk/libfdisk.h>

#include "lib/core/result.h"

namespace trxkit::image {

inline constexpr std::uint64_t kDiskSector = 512;  ///< bytes

struct FdiskReleaser {
  void operator()(fdisk_context* context) const { fdisk_unref_context(context); }
  void operator()(fdisk_partition* partition) const { fdisk_unref_partition(partition); }
  void operator()(fdisk_parttype* type) const { fdisk_unref_parttype(type); }
};
using FdiskContext = std::unique_ptr<fdisk_context, FdiskReleaser>;
using FdiskPartition = std::unique_ptr<fdisk_partition, FdiskReleaser>;
using FdiskType = std::unique_ptr<fdisk_parttype, FdiskReleaser>;

/// `code` is what a function of libfdisk returned: negative errno values are errors, Code::io.
Status check_fdisk(int code, std::string_view action);

/// Opens `path` for writing, and the partition table on it if there is one. Errors: Code::io.
Result<FdiskContext> open_fdisk(const std::filesystem::path& path);

/// Writes what was changed and closes the file. Errors: Code::io.
Status close_fdisk(fdisk_context* context);

}  // namespace trxkit::image
