// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// FAT16 and FAT32 file systems from entry streams, through mtools.
#pragma once

#include <cstdint>
#include <string>

#include "lib/archive/entry.h"
#include "lib/system/env.h"
#include "lib/system/file.h"

namespace trxkit::image {

enum class FatKind : std::uint8_t { fat16, fat32 };

struct FatOptions {
  FatKind kind = FatKind::fat32;
  std::string label;            ///< 1 to 11 of A-Z, 0-9, '_' and '-'
  std::uint32_t volume_id = 0;  ///< shown as "1234-ABCD"
  std::uint64_t size = 0;       ///< bytes of the file system, a multiple of 512
  std::uint64_t offset = 0;     ///< bytes from the start of the output
};

/// The size (bytes, a multiple of 1 MiB, at least what `kind` needs) for `content_bytes` in `paths`
/// entries and `free_bytes` of room beside them; more than 8 EiB where `kind` has no volume of that
/// size.
std::uint64_t fat_size_for(FatKind kind, std::uint64_t content_bytes, std::uint64_t paths,
                           std::uint64_t free_bytes);

/// Formats [offset, offset + size) of `output` (which is resized where it is too short) as FAT and
/// fills it from `tree` (read twice): directories and files; owners, modes and links do not exist
/// there, and all times are the epoch's. Cluster sizes are the customary ones, for FAT32 512 bytes
/// up to 260 MiB, 4 KiB up to 8 GiB. Errors: Code::usage for a bad label or an odd offset;
/// Code::bad_input for entries that FAT cannot hold (links, devices, files over 4 GiB - 1, names
/// that it forbids or that differ only in case, are beyond ASCII or longer than 195 bytes);
/// Code::does_not_fit with the bytes that are missing, or for a size that the kind cannot have
/// (FAT32 below 33 MiB, FAT16 from 2 GiB on); Code::refused where `output` is a pipe or device;
/// Code::external_tool, Code::io.
Status write_fat(const archive::Source& tree, OutputFile& output, const FatOptions& options,
                 const Env& env);

}  // namespace trxkit::image
