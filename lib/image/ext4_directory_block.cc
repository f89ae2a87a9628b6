// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/image/ext4_directory_block.h"

#include <algorithm>

namespace trxkit::image {

DirectoryBlock::DirectoryBlock(std::size_t size) : bytes_(size) {
  put_head(0,
           {.inode = 0, .length = static_cast<std::uint16_t>(size), .name_length = 0, .type = 0});
}

Result<DirectoryBlock> DirectoryBlock::parse(Bytes bytes) {
  DirectoryBlock block(bytes.size());
  std::ranges::copy(bytes, block.bytes_.begin());
  for (std::size_t end = 0; end < bytes.size();) {
    bool whole = range_inside(end, sizeof(Head), bytes.size());
    Head head = whole ? block.head_at(end) : Head{};
    bool sound = head.length >= size_with(head.name_length) && head.length % 4 == 0 &&
                 range_inside(end, head.length, bytes.size());
    if (!sound) return fail(Code::bad_input, "a directory is damaged at {} of a block", end);
    block.last_ = end;
    end += head.length;
  }
  return block;
}

bool DirectoryBlock::add(std::string_view name, std::uint32_t inode, std::uint8_t type) {
  Head last = head_at(last_);
  std::size_t used = last.inode == 0 ? 0 : size_with(last.name_length);
  std::size_t room = last.length - used;
  if (room < size_with(name.size())) return false;
  if (used > 0) {
    last.length = static_cast<std::uint16_t>(used);
    put_head(last_, last);
    last_ += used;
  }
  put_head(last_, {.inode = inode,
                   .length = static_cast<std::uint16_t>(room),
                   .name_length = static_cast<std::uint8_t>(name.size()),
                   .type = type});
  std::ranges::copy(as_bytes(name),
                    bytes_.begin() + static_cast<std::ptrdiff_t>(last_ + sizeof(Head)));
  return true;
}

std::size_t DirectoryBlock::size_with(std::size_t name_length) {
  return static_cast<std::size_t>(align_up(sizeof(Head) + name_length, 4));
}

DirectoryBlock::Head DirectoryBlock::head_at(std::size_t offset) const {
  Head head;
  std::memcpy(&head, bytes_.data() + offset, sizeof(head));
  return head;
}

void DirectoryBlock::put_head(std::size_t offset, const Head& head) {
  std::memcpy(bytes_.data() + offset, &head, sizeof(head));
}

}  // namespace trxkit::image
