// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// An ext4 file system inside an image file, opened through libext2fs: inodes, directory entries and
// blocks. It neither formats (ext4_format.h) nor knows about trees (ext4_fill.h). File contents go
// straight to the image, and libext2fs only places them; names are added by ourselves
// (ext4_directory.cc), because libext2fs searches the whole directory for each.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <ext2fs/ext2fs.h>

#include "lib/archive/entry.h"
#include "lib/image/ext4_directory_block.h"
#include "lib/image/gathered_output.h"
#include "lib/system/file.h"

namespace trxkit::image {

/// The block size of every ext4 that is made here (bytes): with the 1 KiB that mke2fs chooses for
/// small volumes, filling takes three times as long.
inline constexpr std::uint32_t kExt4BlockSize = 4096;
/// The largest number of links to one inode (linux fs/ext4/ext4.h, EXT4_LINK_MAX).
inline constexpr unsigned kExt4LinkLimit = 65000;

using InodeNumber = ext2_ino_t;

class Ext4Filesystem {
 public:
  /// Opens the file system that starts `offset` bytes into `image`. `now`: seconds since 1970 for
  /// every time that no entry sets. `image` outlives the result. Errors: Code::io.
  static Result<Ext4Filesystem> open(OutputFile& image, std::uint64_t offset, std::int64_t now);

  // All functions below fail with Code::does_not_fit where blocks or inodes run out, with
  // Code::bad_input where the format cannot hold the entry, else with Code::io.

  /// A directory without a name yet; its link count is what it is to be.
  Result<InodeNumber> make_directory(InodeNumber parent);
  /// A file with its contents, placed in as few extents as there is room for.
  Result<InodeNumber> make_file(InodeNumber parent, const archive::Entry& entry,
                                archive::Reader& contents);
  /// `target`: at most 4095 bytes.
  Result<InodeNumber> make_symlink(InodeNumber parent, const std::string& target);
  /// A device node or a fifo.
  Result<InodeNumber> make_special(InodeNumber parent, const archive::Entry& entry);

  /// Enters `inode` as `name`, which must be new there, in the directory `parent`.
  Status link(InodeNumber parent, const std::string& name, InodeNumber inode,
              archive::EntryType type);
  /// The inode of `name` in `parent`, or Code::bad_input. Takes the longer the more names there
  /// are.
  Result<InodeNumber> find(InodeNumber parent, const std::string& name);
  /// Counts one more name of `inode`.
  Status add_link(InodeNumber inode);
  /// Mode, owner, times and extended attributes of `entry`.
  Status set_attributes(InodeNumber inode, const archive::Entry& entry);

  std::uint64_t free_blocks() const;
  std::uint64_t free_inodes() const;
  /// Writes what is still held back. Nothing may follow. The image is not synced: its owner does
  /// that, once for all of it.
  Status close();

 private:
  struct Closer {
    void operator()(ext2_filsys filesystem) const { ext2fs_free(filesystem); }
  };
  /// The last block of a directory that gets names.
  struct DirectoryEnd {
    InodeNumber directory = 0;
    blk64_t place = 0;
    DirectoryBlock names;
  };
  Ext4Filesystem(OutputFile& image, std::uint64_t offset) : image_(image), offset_(offset) {}
  Result<InodeNumber> allocate_inode(InodeNumber parent, std::uint16_t type);
  Result<blk64_t> append_block(InodeNumber inode, ext2_inode_large& node, std::uint64_t number);
  Status open_directory(InodeNumber directory);
  Status grow_directory(InodeNumber directory);
  Status write_directory();
  Status start_extents(InodeNumber inode, ext2_inode_large& node);
  Result<std::vector<ext2fs_extent>> allocate_blocks(InodeNumber inode, ext2_inode_large& node,
                                                     std::uint64_t blocks);
  Result<std::vector<ext2fs_extent>> allocate_extents(InodeNumber inode, ext2_inode_large& node,
                                                      std::uint64_t blocks);
  Status write_contents(const std::vector<ext2fs_extent>& extents, const archive::Entry& entry,
                        archive::Reader& contents);
  Status set_extended_attributes(InodeNumber inode, const archive::Entry& entry);
  Status check(errcode_t code, const char* action) const;

  GatheredOutput image_;  ///< takes the contents of files
  std::uint64_t offset_;
  std::unique_ptr<struct_ext2_filsys, Closer> filesystem_;
  blk64_t next_block_ = 0;  ///< where the search for room starts: files follow each other
  std::optional<DirectoryEnd> directory_;  ///< not written yet
};

}  // namespace trxkit::image
