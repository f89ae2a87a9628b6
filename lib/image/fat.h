// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// FAT32 file systems from entry streams, through mtools.
#pragma once

#include <cstdint>
#include <string>

#include "lib/archive/entry.h"
#include "lib/system/env.h"
#include "lib/system/file.h"

namespace trxkit::image {

struct FatOptions {
  std::string label;            ///< at most 11 bytes, upper case
  std::uint32_t volume_id = 0;  ///< shown as "1234-ABCD"
  std::uint64_t size = 0;       ///< bytes of the file system, a multiple of 512
  std::uint64_t offset = 0;     ///< bytes from the start of the output
};

/// The size (bytes, a multiple of 1 MiB, at least what FAT32 needs) for `content_bytes` in
/// `paths` entries and `free_bytes` of room beside them.
std::uint64_t fat32_size_for(std::uint64_t content_bytes, std::uint64_t paths,
                             std::uint64_t free_bytes);

/// Formats [offset, offset + size) of `output` as FAT32 and fills it from `tree`: directories and
/// files; owners, modes and links do not exist there. Errors: Code::bad_input for entries that FAT
/// cannot hold (links, devices, names it forbids, files over 4 GiB - 1), Code::does_not_fit,
/// Code::external_tool, Code::io.
Status write_fat32(const archive::Source& tree, OutputFile& output, const FatOptions& options,
                   const Env& env);

}  // namespace trxkit::image
