// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/flash_picture.h"

#include <algorithm>
#include <cstring>

namespace trxkit::firmware {

void FlashPicture::add_file(std::uint64_t offset, const InputFile& file, std::uint64_t file_offset,
                            std::uint64_t length) {
  if (offset >= size_ || file_offset >= file.size()) return;
  length = std::min({length, size_ - offset, file.size() - file_offset});
  layers_.push_back({offset, length, FilePiece{&file, file_offset}});
}

void FlashPicture::add_bytes(std::uint64_t offset, std::vector<std::byte> bytes) {
  if (offset >= size_) return;
  std::uint64_t length = std::min<std::uint64_t>(bytes.size(), size_ - offset);
  layers_.push_back({offset, length, std::move(bytes)});
}

void FlashPicture::add_words(std::uint64_t offset, std::initializer_list<std::uint32_t> words) {
  std::vector<std::byte> bytes;
  for (std::uint32_t word : words) {
    le32 stored = word;
    std::ranges::copy(as_bytes(stored), std::back_inserter(bytes));
  }
  add_bytes(offset, std::move(bytes));
}

Status FlashPicture::read(std::uint64_t offset, MutableBytes target) const {
  if (!range_inside(offset, target.size(), size_)) {
    return fail(Code::bad_input, "{} bytes at {:#x} lie behind the flash of {:#x} bytes",
                target.size(), offset, size_);
  }
  std::ranges::fill(target, std::byte{0xff});
  for (const Layer& layer : layers_) {
    std::uint64_t first = std::max(offset, layer.offset);
    std::uint64_t last = std::min(offset + target.size(), layer.offset + layer.length);
    if (first >= last) continue;
    MutableBytes part = target.subspan(first - offset, last - first);
    std::uint64_t inside = first - layer.offset;
    if (const auto* bytes = std::get_if<std::vector<std::byte>>(&layer.contents)) {
      std::memcpy(part.data(), bytes->data() + inside, part.size());
    } else {
      const auto& piece = std::get<FilePiece>(layer.contents);
      TRY(piece.file->read_at(piece.offset + inside, part));
    }
  }
  return {};
}

}  // namespace trxkit::firmware
