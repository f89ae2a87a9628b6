// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Squashfs images as sources, read by sqfs2tar (squashfs-tools-ng), which gets no more memory than
// a root for a router can need.
#pragma once

#include <memory>
#include <string>

#include "lib/archive/entry.h"
#include "lib/system/file.h"

namespace trxkit::archive {

/// Whether `head`, the start of a file, has the magic of a squashfs of either byte order.
bool looks_like_squashfs(Bytes head);

/// Errors: Code::bad_input for another version or byte
/// order than 4.0 little endian, and for a file that is shorter than its superblock says (linux
/// fs/squashfs/squashfs_fs.h, struct squashfs_super_block).
Result<SourcePointer> squashfs_source(std::shared_ptr<const InputFile> file, const Env& env);

}  // namespace trxkit::archive
