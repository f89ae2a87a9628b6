// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/trx/squashfs_superblock.h"

#include <array>
#include <optional>
#include <string>

#include "lib/core/units.h"

namespace trxkit::trx {
namespace {

constexpr std::uint32_t kSmallestBlock = 4096;
constexpr std::uint32_t kLargestBlock = 1 << 20;
constexpr std::uint64_t kNoTable = ~std::uint64_t{0};
constexpr std::array<std::string_view, 7> kCompressions{"unknown", "gzip", "lzma", "lzo",
                                                        "xz",      "lz4",  "zstd"};

struct Table {
  std::string_view name;
  std::uint64_t start;
  bool optional;
};

// Kernels refuse tables in another order, and a root inode outside its metadata block (linux
// fs/squashfs/super.c, squashfs_fill_super()).
std::optional<std::string> fault_of_order(const SquashfsSuperblock& block) {
  constexpr std::uint64_t kMetadataBlock = 8192;
  if (block.inode_table > block.directory_table) return "has its inodes behind its directories";
  if (block.directory_table > block.id_table) return "has its directories behind its owners";
  if (block.fragments != 0 && block.fragment_table < block.directory_table) {
    return "has its fragments before its directories";
  }
  std::uint64_t root = block.root_inode;
  if ((root & 0xffff) > kMetadataBlock ||
      block.inode_table + (root >> 16) > block.directory_table) {
    return fmt::format("has its root directory at {:#x}, outside its inodes", root);
  }
  return std::nullopt;
}

// The first rule that the superblock breaks, in words.
std::optional<std::string> fault_of(const SquashfsSuperblock& block) {
  if (block.magic == kSquashfsMagicBigEndian) return "is big-endian; the kernel reads only 4.0";
  if (block.version_major != 4 || block.version_minor != 0) {
    return fmt::format("has version {}.{}; kernels read 4.0", block.version_major.value(),
                       block.version_minor.value());
  }
  std::uint32_t size = block.block_size;
  if (size < kSmallestBlock || size > kLargestBlock || (size & (size - 1)) != 0) {
    return fmt::format("has blocks of {} bytes; 4 KiB to 1 MiB are possible", size);
  }
  if (block.block_log > 20 || (1U << block.block_log) != size) {
    return fmt::format("states blocks of {} bytes and of 2^{}", size, block.block_log.value());
  }
  if (block.compression == 0 || block.compression >= kCompressions.size()) {
    return fmt::format("has unknown compression {}", block.compression.value());
  }
  if (block.bytes_used < sizeof(SquashfsSuperblock)) {
    return fmt::format("states {} bytes for itself", block.bytes_used.value());
  }
  if (block.inodes == 0 || block.id_count == 0) return "has no root directory or owner";
  for (const Table& table : std::to_array<Table>({{"id", block.id_table, false},
                                                  {"xattr", block.xattr_table, true},
                                                  {"inode", block.inode_table, false},
                                                  {"directory", block.directory_table, false},
                                                  {"fragment", block.fragment_table, true},
                                                  {"export", block.export_table, true}})) {
    if (table.optional && table.start == kNoTable) continue;
    if (table.start < sizeof(SquashfsSuperblock) || table.start > block.bytes_used) {
      return fmt::format("has its {} table at {:#x}, outside its {:#x} bytes", table.name,
                         table.start, block.bytes_used.value());
    }
  }
  return fault_of_order(block);
}

}  // namespace

std::string_view squashfs_compression(const SquashfsSuperblock& superblock) {
  std::size_t index = superblock.compression;
  return kCompressions[index < kCompressions.size() ? index : 0];
}

Findings judge_squashfs(const SquashfsSuperblock& superblock, const Where& where,
                        std::uint64_t room) {
  Findings findings;
  if (auto fault = fault_of(superblock)) {
    findings.add("PAY007", where, "the squashfs " + *fault, "build it again");
    return findings;
  }
  if (squashfs_compression(superblock) == "lzma") {
    findings.add("PAY025", where, "the squashfs is packed with lzma; no mainline kernel reads that",
                 "build it with xz, or be sure that the kernel is patched for it");
  }
  if (superblock.bytes_used > room) {
    std::uint64_t missing = superblock.bytes_used - room;
    findings.add("PAY008", where,
                 fmt::format("the squashfs has {} bytes, {} byte{} more than are there",
                             superblock.bytes_used.value(), missing, plural(missing)),
                 "it is cut short: build it again");
  }
  return findings;
}

}  // namespace trxkit::trx
