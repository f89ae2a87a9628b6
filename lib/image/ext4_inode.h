// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Inodes as libext2fs takes and gives them: 256 bytes, of which its own type knows the first 128.
#pragma once

#include <cstdint>
#include <memory>

#include <ext2fs/ext2fs.h>

namespace trxkit::image {

/// The first half of `inode`, as most functions of libext2fs want it.
inline ext2_inode* small(ext2_inode_large& inode) {
  return reinterpret_cast<ext2_inode*>(&inode);  // the larger struct begins with the smaller one
}

/// An inode with one link and the file type `type` (LINUX_S_IF...), all times `now` (seconds since
/// 1970).
inline ext2_inode_large new_inode(std::uint16_t type, std::uint32_t now) {
  ext2_inode_large inode{};
  inode.i_mode = type;
  inode.i_links_count = 1;
  inode.i_atime = inode.i_ctime = inode.i_mtime = inode.i_crtime = now;
  inode.i_extra_isize = sizeof(inode) - EXT2_GOOD_OLD_INODE_SIZE;
  return inode;
}

/// Frees the handles of libext2fs.
struct Ext4HandleCloser {
  void operator()(ext2_extent_handle* handle) const { ext2fs_extent_free(handle); }
  void operator()(ext2_xattr_handle* handle) const { ext2fs_xattrs_close(&handle); }
};

}  // namespace trxkit::image
