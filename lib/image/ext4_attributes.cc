// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Modes, owners, times and extended attributes.
#include <algorithm>
#include <limits>

#include "lib/image/ext4_filesystem.h"
#include "lib/image/ext4_inode.h"

namespace trxkit::image {

using archive::Entry;

namespace {

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

}  // namespace

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
  std::unique_ptr<ext2_xattr_handle, Ext4HandleCloser> handle(raw);
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

}  // namespace trxkit::image
