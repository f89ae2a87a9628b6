// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Files: libext2fs places the blocks, we fill them in the image.
#include <algorithm>
#include <array>

#include "lib/archive/write_contents.h"
#include "lib/image/ext4_filesystem.h"
#include "lib/image/ext4_inode.h"

namespace trxkit::image {

using archive::Entry;

Result<InodeNumber> Ext4Filesystem::make_file(InodeNumber parent, const Entry& entry,
                                              archive::Reader& contents) {
  InodeNumber inode = TRY(allocate_inode(parent, LINUX_S_IFREG));
  ext2_inode_large node = new_inode(LINUX_S_IFREG, static_cast<std::uint32_t>(filesystem_->now));
  node.i_size = static_cast<std::uint32_t>(entry.size);
  node.i_size_high = static_cast<std::uint32_t>(entry.size >> 32);
  bool extents_known = ext2fs_has_feature_extents(filesystem_->super) != 0;
  if (extents_known) TRY(start_extents(inode, node));
  TRY(check(ext2fs_write_inode_full(filesystem_.get(), inode, small(node), sizeof(node)),
            "cannot write an inode"));
  ext2fs_inode_alloc_stats2(filesystem_.get(), inode, +1, 0);
  std::uint64_t blocks = align_up(entry.size, kExt4BlockSize) / kExt4BlockSize;
  auto extents = TRY(extents_known ? allocate_extents(inode, node, blocks)
                                   : allocate_blocks(inode, node, blocks));
  TRY(write_contents(extents, entry, contents));
  return inode;
}

Status Ext4Filesystem::start_extents(InodeNumber inode, ext2_inode_large& node) {
  node.i_flags = EXT4_EXTENTS_FL;
  ext2_extent_handle_t header = nullptr;
  TRY(check(ext2fs_extent_open2(filesystem_.get(), inode, small(node), &header),
            "cannot start a file"));  // puts an empty extent tree into `node`
  ext2fs_extent_free(header);
  return {};
}

// ext2fs_bmap2() would fill the blocks that it allocates with zeros, and its cache would write
// those over the contents later: so it only enters a block that was found before.
Result<blk64_t> Ext4Filesystem::append_block(InodeNumber inode, ext2_inode_large& node,
                                             std::uint64_t number) {
  ext2_filsys filesystem = filesystem_.get();
  blk64_t place = 0;
  TRY(check(ext2fs_new_block2(filesystem, next_block_, nullptr, &place), "cannot allocate blocks"));
  ext2fs_block_alloc_stats2(filesystem, place, +1);
  TRY(check(ext2fs_bmap2(filesystem, inode, small(node), nullptr, BMAP_ALLOC | BMAP_SET, number,
                         nullptr, &place),
            "cannot allocate blocks"));
  next_block_ = place + 1;
  return place;
}

// For ext2 and ext3.
Result<std::vector<ext2fs_extent>> Ext4Filesystem::allocate_blocks(InodeNumber inode,
                                                                   ext2_inode_large& node,
                                                                   std::uint64_t blocks) {
  std::vector<ext2fs_extent> extents;
  for (std::uint64_t block = 0; block < blocks; ++block) {
    blk64_t place = TRY(append_block(inode, node, block));
    bool follows = !extents.empty() && extents.back().e_pblk + extents.back().e_len == place;
    if (!follows) extents.push_back({.e_pblk = place, .e_lblk = block, .e_len = 0, .e_flags = 0});
    ++extents.back().e_len;
  }
  TRY(check(ext2fs_iblk_add_blocks(filesystem_.get(), small(node), blocks), "cannot count blocks"));
  TRY(check(ext2fs_write_inode_full(filesystem_.get(), inode, small(node), sizeof(node)),
            "cannot write an inode"));
  return extents;
}

Result<std::vector<ext2fs_extent>> Ext4Filesystem::allocate_extents(InodeNumber inode,
                                                                    ext2_inode_large& node,
                                                                    std::uint64_t blocks) {
  std::vector<ext2fs_extent> extents;
  if (blocks == 0) return extents;
  if (blocks > free_blocks()) TRY(check(EXT2_ET_BLOCK_ALLOC_FAIL, ""));
  TRY(check(ext2fs_fallocate(filesystem_.get(),
                             EXT2_FALLOCATE_FORCE_INIT | EXT2_FALLOCATE_INIT_BEYOND_EOF, inode,
                             small(node), next_block_, 0, blocks),
            "cannot allocate blocks"));
  ext2_extent_handle_t raw = nullptr;
  TRY(check(ext2fs_extent_open2(filesystem_.get(), inode, small(node), &raw),
            "cannot read the extents"));
  std::unique_ptr<ext2_extent_handle, Ext4HandleCloser> handle(raw);
  for (std::uint64_t block = 0; block < blocks;) {
    ext2fs_extent extent{};
    TRY(check(ext2fs_extent_goto(handle.get(), block), "cannot find an extent"));
    TRY(check(ext2fs_extent_get(handle.get(), EXT2_EXTENT_CURRENT, &extent),
              "cannot read an extent"));
    block = extent.e_lblk + extent.e_len;
    next_block_ = extent.e_pblk + extent.e_len;
    extents.push_back(extent);
  }
  return extents;
}

Status Ext4Filesystem::write_contents(const std::vector<ext2fs_extent>& extents, const Entry& entry,
                                      archive::Reader& contents) {
  auto extent = extents.begin();
  std::uint64_t position = 0;  // in the image
  std::uint64_t room = 0;      // behind it, in the extent
  auto write = [&](Bytes bytes) -> Status {
    while (!bytes.empty()) {
      if (room == 0) {
        position = offset_ + extent->e_pblk * kExt4BlockSize;
        room = std::uint64_t{extent->e_len} * kExt4BlockSize;
        ++extent;
      }
      Bytes piece =
          bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(room, bytes.size())));
      TRY(image_.write_at(position, piece));
      position += piece.size();
      room -= piece.size();
      bytes = bytes.subspan(piece.size());
    }
    return {};
  };
  TRY(archive::copy_contents(entry, contents, write));
  static constexpr std::array<std::byte, kExt4BlockSize> kZeros{};
  return write(Bytes(kZeros).first(static_cast<std::size_t>(room)));  // of the last block
}

}  // namespace trxkit::image
