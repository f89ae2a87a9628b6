// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// One block of a directory as ext2, ext3 and ext4 have it without hashes and checksums (linux
// Documentation/filesystems/ext4/directory.rst, "Linear (Classic) Directories"): names are added
// behind the last one. Whether a name is there already, nobody asks.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "lib/core/bytes.h"

namespace trxkit::image {

class DirectoryBlock {
 public:
  /// One without names, of `size` bytes, a multiple of 4 up to 32 KiB.
  explicit DirectoryBlock(std::size_t size);
  /// One that exists. Errors: Code::bad_input where its entries do not fill it exactly.
  static Result<DirectoryBlock> parse(Bytes bytes);

  /// Adds `name` (1 to 255 bytes) of `inode`, whose kind is `type` (EXT2_FT_...); false where there
  /// is no room for it.
  bool add(std::string_view name, std::uint32_t inode, std::uint8_t type);
  Bytes bytes() const { return bytes_; }

 private:
  struct Head {
    le32 inode;   ///< 0: the entry is free
    le16 length;  ///< bytes to the next entry, or to the end of the block
    std::uint8_t name_length;
    std::uint8_t type;
  };
  static std::size_t size_with(std::size_t name_length);
  Head head_at(std::size_t offset) const;
  void put_head(std::size_t offset, const Head& head);

  std::vector<std::byte> bytes_;
  std::size_t last_ = 0;  ///< where the last entry starts
};

}  // namespace trxkit::image
