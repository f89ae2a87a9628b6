// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// ext2, ext3 and ext4 images as sources.
#pragma once

#include <memory>

#include "lib/archive/entry.h"
#include "lib/system/file.h"

namespace trxkit::archive {

/// How much of a file looks_like_ext() needs: bytes from its start.
inline constexpr std::size_t kExtHead = 2048;

/// Whether `head`, the start of a file, has the superblock of ext2, ext3 or ext4 where those have
/// it (linux Documentation/filesystems/ext4, "The Super Block").
bool looks_like_ext(Bytes head);

/// The tree in the file system at `offset` (bytes, not behind the end) of an image, sorted name by
/// name, parents first. The folder lost+found is left out while it is empty: it belongs to the file
/// system. Errors: those of ExtImage::open().
Result<SourcePointer> ext_source(std::shared_ptr<const InputFile> file, std::uint64_t offset = 0);

}  // namespace trxkit::archive
