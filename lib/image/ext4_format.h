// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// An empty ext4 file system, made by mke2fs from settings that are all our own: the host's
// mke2fs.conf would leak its features into the image.
#pragma once

#include <cstdint>

#include "lib/image/ext4.h"

namespace trxkit::image {

/// The number of inodes (the lost+found directory and the reserved ones included) for `paths`
/// entries on the file system that `options` ask for: one for each path and one more for every
/// bytes_per_inode. Errors: Code::does_not_fit where the format has no room for that many.
Result<std::uint32_t> ext4_inode_count(std::uint64_t paths, const Ext4Options& options);

/// Formats [options.offset, options.offset + options.size) of `output`. `inodes`: at least that
/// many. Errors: Code::usage for options that ext4 cannot have, Code::external_tool, Code::io.
Status format_ext4(OutputFile& output, const Ext4Options& options, std::uint32_t inodes,
                   const Env& env);

}  // namespace trxkit::image
