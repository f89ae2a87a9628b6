// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Names in directories. Only the end of a directory is looked at, so that a million names take a
// million steps. Directories stay without an index, however long they are: every kernel reads them,
// and "e2fsck -D" makes one where it is wanted.
#include <array>
#include <utility>

#include "lib/image/ext4_filesystem.h"
#include "lib/image/ext4_inode.h"

namespace trxkit::image {

using archive::EntryType;

namespace {

std::uint8_t directory_type(EntryType type) {
  switch (type) {
    case EntryType::directory:
      return EXT2_FT_DIR;
    case EntryType::symlink:
      return EXT2_FT_SYMLINK;
    case EntryType::character_device:
      return EXT2_FT_CHRDEV;
    case EntryType::block_device:
      return EXT2_FT_BLKDEV;
    case EntryType::fifo:
      return EXT2_FT_FIFO;
    case EntryType::file:
    case EntryType::hard_link:
      return EXT2_FT_REG_FILE;
  }
  return EXT2_FT_UNKNOWN;
}

}  // namespace

Status Ext4Filesystem::link(InodeNumber parent, const std::string& name, InodeNumber inode,
                            EntryType type) {
  if (name.empty() || name.size() > EXT2_NAME_LEN) {
    return fail(Code::bad_input, "a name has 1 to {} bytes, not {}", EXT2_NAME_LEN, name.size());
  }
  if (!directory_ || directory_->directory != parent) {
    TRY(write_directory());
    TRY(open_directory(parent));
  }
  if (directory_->names.add(name, inode, directory_type(type))) return {};
  TRY(write_directory());
  TRY(grow_directory(parent));
  directory_->names.add(name, inode, directory_type(type));  // an empty block takes any name
  return {};
}

Status Ext4Filesystem::open_directory(InodeNumber directory) {
  ext2_inode_large node{};
  TRY(check(ext2fs_read_inode_full(filesystem_.get(), directory, small(node), sizeof(node)),
            "cannot read a directory"));
  std::uint64_t last = EXT2_I_SIZE(&node) / kExt4BlockSize - 1;
  blk64_t place = 0;
  TRY(check(
      ext2fs_bmap2(filesystem_.get(), directory, small(node), nullptr, 0, last, nullptr, &place),
      "cannot find the end of a directory"));
  std::array<std::byte, kExt4BlockSize> block;
  TRY(check(io_channel_read_blk64(filesystem_->io, place, 1, block.data()),
            "cannot read a directory"));
  directory_ = {directory, place, TRY(DirectoryBlock::parse(block))};
  return {};
}

Status Ext4Filesystem::grow_directory(InodeNumber directory) {
  ext2_filsys filesystem = filesystem_.get();
  ext2_inode_large node{};
  TRY(check(ext2fs_read_inode_full(filesystem, directory, small(node), sizeof(node)),
            "cannot read a directory"));
  std::uint64_t size = EXT2_I_SIZE(&node);
  blk64_t place = TRY(append_block(directory, node, size / kExt4BlockSize));
  TRY(check(ext2fs_inode_size_set(filesystem, small(node),
                                  static_cast<ext2_off64_t>(size + kExt4BlockSize)),
            "cannot extend a directory"));
  TRY(check(ext2fs_iblk_add_blocks(filesystem, small(node), 1), "cannot count blocks"));
  TRY(check(ext2fs_write_inode_full(filesystem, directory, small(node), sizeof(node)),
            "cannot write an inode"));
  directory_ = {directory, place, DirectoryBlock(kExt4BlockSize)};
  return {};
}

Status Ext4Filesystem::write_directory() {
  if (!directory_) return {};
  DirectoryEnd end = *std::exchange(directory_, std::nullopt);
  return check(io_channel_write_blk64(filesystem_->io, end.place, 1, end.names.bytes().data()),
               "cannot write a directory");
}

Result<InodeNumber> Ext4Filesystem::find(InodeNumber parent, const std::string& name) {
  TRY(write_directory());
  InodeNumber inode = 0;
  errcode_t code = ext2fs_lookup(filesystem_.get(), parent, name.c_str(),
                                 static_cast<int>(name.size()), nullptr, &inode);
  if (code == EXT2_ET_FILE_NOT_FOUND) return fail(Code::bad_input, "{} does not exist", name);
  TRY(check(code, "cannot look up a name"));
  return inode;
}

}  // namespace trxkit::image
