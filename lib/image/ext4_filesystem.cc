// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/image/ext4_filesystem.h"

#include <et/com_err.h>

#include "lib/image/ext4_inode.h"

namespace trxkit::image {

using archive::Entry;
using archive::EntryType;

Status Ext4Filesystem::check(errcode_t code, const char* action) const {
  if (code == 0) return {};
  switch (code) {
    case EXT2_ET_BLOCK_ALLOC_FAIL:
      return fail(Code::does_not_fit, "the file system has no free block left");
    case EXT2_ET_INODE_ALLOC_FAIL:
      return fail(Code::does_not_fit, "the file system has no free inode left");
    default:
      return fail(Code::io, "ext4 image: {}: {}", action, error_message(code));
  }
}

Result<Ext4Filesystem> Ext4Filesystem::open(OutputFile& image, std::uint64_t offset,
                                            std::int64_t now) {
  initialize_ext2_error_table();
  Ext4Filesystem result(image, offset);
  std::string options = fmt::format("offset={}", offset);
  ext2_filsys opened = nullptr;
  errcode_t code = ext2fs_open2(image.temporary_path().c_str(), options.c_str(),
                                EXT2_FLAG_RW | EXT2_FLAG_64BITS, 0, 0, unix_io_manager, &opened);
  TRY(result.check(code, "cannot open"));
  result.filesystem_.reset(opened);
  TRY(result.check(ext2fs_read_bitmaps(opened), "cannot read the bitmaps"));
  opened->now = static_cast<time_t>(now);
  opened->umask = 022;
  // Directory hashes depend on the signedness of char; mke2fs notes the host's. There are no
  // hashed directories yet, so every host may promise the same.
  opened->super->s_flags &= ~static_cast<std::uint32_t>(EXT2_FLAGS_UNSIGNED_HASH);
  opened->super->s_flags |= EXT2_FLAGS_SIGNED_HASH;
  ext2fs_mark_super_dirty(opened);
  return result;
}

std::uint64_t Ext4Filesystem::free_blocks() const {
  return ext2fs_free_blocks_count(filesystem_->super);
}

std::uint64_t Ext4Filesystem::free_inodes() const {
  return filesystem_->super->s_free_inodes_count;
}

Result<InodeNumber> Ext4Filesystem::allocate_inode(InodeNumber parent, std::uint16_t type) {
  InodeNumber inode = 0;
  TRY(check(ext2fs_new_inode(filesystem_.get(), parent, type, nullptr, &inode),
            "cannot allocate an inode"));
  return inode;
}

Result<InodeNumber> Ext4Filesystem::make_directory(InodeNumber parent) {
  ext2_inode node{};
  TRY(check(ext2fs_read_inode(filesystem_.get(), parent, &node), "cannot read a directory"));
  if (node.i_links_count >= kExt4LinkLimit) {
    return fail(Code::bad_input, "a directory has more than {} subdirectories", kExt4LinkLimit - 2);
  }
  InodeNumber inode = TRY(allocate_inode(parent, LINUX_S_IFDIR));
  TRY(check(ext2fs_mkdir(filesystem_.get(), parent, inode, nullptr), "cannot make a directory"));
  return inode;
}

Result<InodeNumber> Ext4Filesystem::make_symlink(InodeNumber parent, const std::string& target) {
  if (target.size() >= kExt4BlockSize) {
    return fail(Code::bad_input, "a symlink target of {} bytes is longer than {}", target.size(),
                kExt4BlockSize - 1);
  }
  InodeNumber inode = TRY(allocate_inode(parent, LINUX_S_IFLNK));
  TRY(check(ext2fs_symlink(filesystem_.get(), parent, inode, nullptr, target.c_str()),
            "cannot make a symlink"));
  return inode;
}

Result<InodeNumber> Ext4Filesystem::make_special(InodeNumber parent, const Entry& entry) {
  std::uint16_t type = entry.type == EntryType::fifo           ? LINUX_S_IFIFO
                       : entry.type == EntryType::block_device ? LINUX_S_IFBLK
                                                               : LINUX_S_IFCHR;
  InodeNumber inode = TRY(allocate_inode(parent, type));
  ext2_inode_large node = new_inode(type, static_cast<std::uint32_t>(filesystem_->now));
  std::uint32_t major = entry.device_major;
  std::uint32_t minor = entry.device_minor;
  if (major >= 1U << 12 || minor >= 1U << 20) {
    return fail(Code::bad_input, "device number {}:{} is out of range", major, minor);
  }
  // Both encodings of linux include/linux/kdev_t.h: the old one where it suffices.
  if (entry.type != EntryType::fifo && major < 256 && minor < 256) {
    node.i_block[0] = major << 8 | minor;
  } else if (entry.type != EntryType::fifo) {
    node.i_block[1] = (minor & 0xff) | major << 8 | (minor & ~0xffU) << 12;
  }
  TRY(check(ext2fs_write_inode_full(filesystem_.get(), inode, small(node), sizeof(node)),
            "cannot write an inode"));
  ext2fs_inode_alloc_stats2(filesystem_.get(), inode, +1, 0);
  return inode;
}

Status Ext4Filesystem::add_link(InodeNumber inode) {
  ext2_inode node{};
  TRY(check(ext2fs_read_inode(filesystem_.get(), inode, &node), "cannot read an inode"));
  if (node.i_links_count >= kExt4LinkLimit) {
    return fail(Code::bad_input, "a file has more than {} names", kExt4LinkLimit);
  }
  ++node.i_links_count;
  return check(ext2fs_write_inode(filesystem_.get(), inode, &node), "cannot write an inode");
}

Status Ext4Filesystem::close() {
  TRY(write_directory());
  TRY(image_.flush());
  constexpr const char* kAction = "cannot complete the metadata";
  TRY(check(ext2fs_flush2(filesystem_.get(), EXT2_FLAG_FLUSH_NO_SYNC), kAction));
  // What the channel still caches would be written by ext2fs_free() as well, but that tells nobody
  // when it fails (e2fsprogs lib/ext2fs/freefs.c).
  TRY(check(io_channel_set_options(filesystem_->io, "cache=off"), kAction));
  filesystem_.reset();
  return {};
}

}  // namespace trxkit::image
