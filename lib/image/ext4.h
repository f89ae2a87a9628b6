// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// ext2, ext3 and ext4 file systems from entry streams: mke2fs formats, libext2fs fills.
#pragma once

#include <cstdint>
#include <string>

#include "lib/archive/entry.h"
#include "lib/system/env.h"
#include "lib/system/file.h"

namespace trxkit::image {

/// The generations of the format; older kernels and other systems read the older ones.
enum class ExtKind : std::uint8_t { ext2, ext3, ext4 };

struct Ext4Options {
  ExtKind kind = ExtKind::ext4;
  std::string label;         ///< at most 16 bytes
  std::string uuid;          ///< "xxxxxxxx-xxxx-...": also the seed of the directory hash
  std::uint64_t size = 0;    ///< bytes of the file system, a multiple of 4096
  std::uint64_t offset = 0;  ///< bytes from the start of the output
  std::uint32_t bytes_per_inode = 16384;  ///< of room for files that come later
  /// 4 KiB blocks, a multiple of 256 from 1024; 0: no journal, as ext2 must have it and ext3 must
  /// not
  std::uint32_t journal_blocks = 0;
};

/// The size (bytes, a multiple of 1 MiB) that a file system needs for `content_bytes` in `paths`
/// entries and `free_bytes` of room beside them (a journal comes on top).
std::uint64_t ext4_size_for(std::uint64_t content_bytes, std::uint64_t paths,
                            std::uint64_t free_bytes);

/// Formats [offset, offset + size) of `output` (which is resized where it is too short) with 4 KiB
/// blocks and only features that a 3.10 kernel reads, and fills it from `tree` (a merged stream:
/// each path once, parents first; it is read twice). A lost+found directory is always there. Nobody
/// else may write to `output` meanwhile. Errors: Code::usage for options that ext4 cannot have;
/// Code::does_not_fit (with the bytes that are missing), Code::bad_input for what ext4 cannot hold,
/// Code::refused where `output` is a pipe or device, Code::external_tool, Code::io.
Status write_ext4(const archive::Source& tree, OutputFile& output, const Ext4Options& options,
                  const Env& env);

}  // namespace trxkit::image
