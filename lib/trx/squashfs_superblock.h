// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The 96 bytes at the start of a squashfs 4.0 (linux fs/squashfs/squashfs_fs.h), read faithfully,
// and the rules that they have to keep.
#pragma once

#include <string_view>

#include "lib/core/bytes.h"
#include "lib/core/finding.h"

namespace trxkit::trx {

struct SquashfsSuperblock {
  le32 magic;
  le32 inodes;
  le32 mkfs_time;  ///< seconds since 1970
  le32 block_size;
  le32 fragments;
  le16 compression;
  le16 block_log;
  le16 flags;
  le16 id_count;
  le16 version_major;
  le16 version_minor;
  le64 root_inode;
  le64 bytes_used;  ///< from the superblock's first byte to the end of the file system
  le64 id_table;
  le64 xattr_table;
  le64 inode_table;
  le64 directory_table;
  le64 fragment_table;
  le64 export_table;
};
static_assert(sizeof(SquashfsSuperblock) == 96);

inline constexpr std::uint32_t kSquashfsMagic = 0x73717368;           ///< "hsqs"
inline constexpr std::uint32_t kSquashfsMagicBigEndian = 0x68737173;  ///< "sqsh"

/// "xz", "gzip", ... or "unknown".
std::string_view squashfs_compression(const SquashfsSuperblock& superblock);

/// Findings PAY007 and PAY008 for a superblock at `where` in a part of `room` bytes.
Findings judge_squashfs(const SquashfsSuperblock& superblock, const Where& where,
                        std::uint64_t room);

}  // namespace trxkit::trx
