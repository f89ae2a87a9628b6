// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// An ext2, ext3 or ext4 image that is read through libext2fs: its inodes as entries, directories as
// names. It writes nothing, and refuses images whose contents cannot be relied on: those that are
// cut, in use, or wait for their journal to be replayed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <ext2fs/ext2fs.h>

#include "lib/archive/entry.h"
#include "lib/system/file.h"

namespace trxkit::archive {

class ExtImage {
 public:
  /// Opens the file system at `offset` (bytes, not behind the end) of `file`. Errors:
  /// Code::bad_input where it cannot be read or relied on.
  static Result<std::shared_ptr<ExtImage>> open(std::shared_ptr<const InputFile> file,
                                                std::uint64_t offset = 0);

  struct Name {
    std::string name;
    ext2_ino_t inode = 0;
  };

  /// An inode without its path; type, owner, times, symlink target, devices and extended attributes
  /// are its own. `links`: names that it has. Errors: Code::bad_input.
  struct Inode {
    Entry entry;
    unsigned links = 1;
  };
  Result<Inode> read_inode(ext2_ino_t number);
  /// What the directory `number` holds, sorted. Errors: Code::bad_input for damage and for names
  /// that no tree can have.
  Result<std::vector<Name>> list(ext2_ino_t number);

  /// The contents of a file.
  struct FileCloser {
    void operator()(ext2_file* file) const { ext2fs_file_close(file); }
  };
  using File = std::unique_ptr<ext2_file, FileCloser>;
  Result<File> open_file(ext2_ino_t number);
  Result<std::size_t> read(File& file, MutableBytes target);

  const std::string& name() const { return file_->name(); }

 private:
  struct Closer {
    void operator()(ext2_filsys filesystem) const { ext2fs_free(filesystem); }
  };
  ExtImage(std::shared_ptr<const InputFile> file, std::uint64_t offset)
      : file_(std::move(file)), room_(file_->size() - offset) {}
  Status check_state() const;
  Status check(errcode_t code, std::string_view action) const;
  Result<std::string> link_text(ext2_ino_t number, ext2_inode_large& inode);
  Result<std::vector<ExtendedAttribute>> attributes(ext2_ino_t number);
  Status fill(ext2_ino_t number, ext2_inode_large& inode, Entry& entry);

  std::shared_ptr<const InputFile> file_;
  std::uint64_t room_ = 0;  ///< bytes of the file, from the start of the file system
  std::unique_ptr<struct_ext2_filsys, Closer> filesystem_;
  std::uint64_t names_left_ = 0;  ///< that the image can still have room for
};

}  // namespace trxkit::archive
