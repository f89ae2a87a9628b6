// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/image/ext4_filesystem.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include <et/com_err.h>

#include "lib/archive/write_contents.h"

namespace trxkit::image {
namespace {

using archive::Entry;
using archive::EntryType;

ext2_inode* small(ext2_inode_large& inode) {
  return reinterpret_cast<ext2_inode*>(&inode);  // libext2fs: a large inode starts with a small one
}

int directory_type(EntryType type) {
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

struct InodeTime {
  std::uint32_t seconds;  ///< low 32 bits, read as signed
  std::uint32_t extra;    ///< two more bits above them (linux Documentation/filesystems/ext4)
};

InodeTime inode_time(std::int64_t time) {
  constexpr std::int64_t kFirst = std::numeric_limits<std::int32_t>::min();
  constexpr std::int64_t kLast = kFirst + (std::int64_t{1} << 34) - 1;
  time = std::clamp(time, kFirst, kLast);
  auto low = static_cast<std::uint32_t>(time & 0xffffffff);
  std::int64_t rest = time - static_cast<std::int32_t>(low);
  return {low, static_cast<std::uint32_t>(rest >> 32) & 3};
}

ext2_inode_large new_inode(std::uint16_t type, std::uint32_t now) {
  ext2_inode_large inode{};
  inode.i_mode = type;
  inode.i_links_count = 1;
  inode.i_atime = inode.i_ctime = inode.i_mtime = inode.i_crtime = now;
  inode.i_extra_isize = sizeof(inode) - EXT2_GOOD_OLD_INODE_SIZE;
  return inode;
}

// Frees an extent or attribute handle of libext2fs.
struct HandleCloser {
  void operator()(ext2_extent_handle* handle) const { ext2fs_extent_free(handle); }
  void operator()(ext2_xattr_handle* handle) const { ext2fs_xattrs_close(&handle); }
};

}  // namespace

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

Result<InodeNumber> Ext4Filesystem::make_file(InodeNumber parent, const Entry& entry,
                                              archive::Reader& contents) {
  InodeNumber inode = TRY(allocate_inode(parent, LINUX_S_IFREG));
  ext2_inode_large node = new_inode(LINUX_S_IFREG, static_cast<std::uint32_t>(filesystem_->now));
  node.i_flags = EXT4_EXTENTS_FL;
  node.i_size = static_cast<std::uint32_t>(entry.size);
  node.i_size_high = static_cast<std::uint32_t>(entry.size >> 32);
  ext2_extent_handle_t header = nullptr;
  TRY(check(ext2fs_extent_open2(filesystem_.get(), inode, small(node), &header),
            "cannot start a file"));  // puts an empty extent tree into `node`
  ext2fs_extent_free(header);
  TRY(check(ext2fs_write_inode_full(filesystem_.get(), inode, small(node), sizeof(node)),
            "cannot write an inode"));
  ext2fs_inode_alloc_stats2(filesystem_.get(), inode, +1, 0);
  std::uint64_t blocks = align_up(entry.size, kExt4BlockSize) / kExt4BlockSize;
  auto extents = TRY(allocate_extents(inode, node, blocks));
  TRY(write_contents(extents, entry, contents));
  return inode;
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
  std::unique_ptr<ext2_extent_handle, HandleCloser> handle(raw);
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
      TRY(image_->write_at(position, piece));
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

Status Ext4Filesystem::link(InodeNumber parent, const std::string& name, InodeNumber inode,
                            EntryType type) {
  errcode_t code =
      ext2fs_link(filesystem_.get(), parent, name.c_str(), inode, directory_type(type));
  if (code == EXT2_ET_DIR_NO_SPACE) {
    TRY(check(ext2fs_expand_dir(filesystem_.get(), parent), "cannot extend a directory"));
    code = ext2fs_link(filesystem_.get(), parent, name.c_str(), inode, directory_type(type));
  }
  return check(code, "cannot add a name");
}

Result<InodeNumber> Ext4Filesystem::find(InodeNumber parent, const std::string& name) {
  InodeNumber inode = 0;
  errcode_t code = ext2fs_lookup(filesystem_.get(), parent, name.c_str(),
                                 static_cast<int>(name.size()), nullptr, &inode);
  if (code == EXT2_ET_FILE_NOT_FOUND) return fail(Code::bad_input, "{} does not exist", name);
  TRY(check(code, "cannot look up a name"));
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

Status Ext4Filesystem::set_attributes(InodeNumber inode, const Entry& entry) {
  ext2_inode_large node{};
  TRY(check(ext2fs_read_inode_full(filesystem_.get(), inode, small(node), sizeof(node)),
            "cannot read an inode"));
  node.i_mode = static_cast<std::uint16_t>((node.i_mode & LINUX_S_IFMT) | (entry.mode & 07777));
  node.i_uid = static_cast<std::uint16_t>(entry.uid);
  node.i_gid = static_cast<std::uint16_t>(entry.gid);
  node.osd2.linux2.l_i_uid_high = static_cast<std::uint16_t>(entry.uid >> 16);
  node.osd2.linux2.l_i_gid_high = static_cast<std::uint16_t>(entry.gid >> 16);
  InodeTime modified = inode_time(entry.mtime);
  InodeTime made = inode_time(filesystem_->now);
  node.i_mtime = node.i_atime = modified.seconds;
  node.i_mtime_extra = node.i_atime_extra = modified.extra;
  node.i_ctime = node.i_crtime = made.seconds;
  node.i_ctime_extra = node.i_crtime_extra = made.extra;
  TRY(check(ext2fs_write_inode_full(filesystem_.get(), inode, small(node), sizeof(node)),
            "cannot write an inode"));
  return entry.attributes.empty() ? Status{} : set_extended_attributes(inode, entry);
}

Status Ext4Filesystem::set_extended_attributes(InodeNumber inode, const Entry& entry) {
  ext2_xattr_handle* raw = nullptr;
  TRY(check(ext2fs_xattrs_open(filesystem_.get(), inode, &raw), "cannot open attributes"));
  std::unique_ptr<ext2_xattr_handle, HandleCloser> handle(raw);
  TRY(check(ext2fs_xattrs_read(handle.get()), "cannot read attributes"));
  for (const archive::ExtendedAttribute& attribute : entry.attributes) {
    errcode_t code = ext2fs_xattr_set(handle.get(), attribute.name.c_str(), attribute.value.data(),
                                      attribute.value.size());
    if (code == EXT2_ET_EA_NO_SPACE) {
      return fail(Code::bad_input, "{}: the extended attributes are too large for ext4",
                  entry.path);
    }
    TRY(check(code, "cannot set an attribute"));
  }
  return {};
}

Status Ext4Filesystem::close() {
  ext2_filsys raw = filesystem_.release();
  return check(ext2fs_close_free(&raw), "cannot complete the metadata");
}

}  // namespace trxkit::image
