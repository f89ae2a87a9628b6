// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The arithmetic of FAT16 and FAT32: cluster sizes, what names and directories take, and which
// names may stand there at all. Source: Microsoft, "FAT: General Overview of On-Disk Format" 1.03
// (fatgen103).
#pragma once

#include <cstdint>
#include <string_view>

#include "lib/core/result.h"
#include "lib/image/fat.h"

namespace trxkit::image {

inline constexpr std::uint64_t kFatSector = 512;
/// Whoever counts the clusters of a volume takes it for FAT32 from 65525 on, for FAT16 from 4085
/// on, below for FAT12.
inline constexpr std::uint64_t kFat32LeastClusters = 65525;
inline constexpr std::uint64_t kFat16LeastClusters = 4085;
inline constexpr std::uint64_t kFat16RootEntries = 512;       ///< names in its root directory
inline constexpr std::uint64_t kFatEntrySize = 32;            ///< bytes, in a directory
inline constexpr std::uint64_t kFatDirectoryLimit = 2 << 20;  ///< bytes of one directory
inline constexpr std::uint64_t kFatFileLimit = 0xffffffff;    ///< bytes of one file
/// Bytes of one name: what 15 long pieces beside the short entry hold. mtools 4.0.32 extends a
/// directory by one cluster only ("No directory slots"), and the smallest has 16 entries.
inline constexpr std::size_t kFatNameLimit = 195;

/// The customary sectors a cluster of a volume of `sectors`, or 0 where it is too small or too
/// large for `kind`.
std::uint32_t fat_cluster_sectors(FatKind kind, std::uint64_t sectors);

/// Bytes that the entry for `name` takes in its directory, at most: one short name, and the long
/// one in pieces of 13 characters.
std::uint64_t fat_name_size(std::string_view name);

/// Errors: Code::bad_input with the reason why FAT forbids `name`. Names beyond ASCII are refused
/// too: what they become depends on the code page of whoever reads them.
Status check_fat_name(std::string_view name);

/// `path` as FAT compares it: without case (ASCII).
std::string fat_folded(std::string_view path);

}  // namespace trxkit::image
