// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/trx/compose.h"

#include <algorithm>
#include <limits>

namespace trxkit::trx {
namespace {

constexpr std::uint64_t kLargest = std::numeric_limits<std::uint32_t>::max();

std::size_t fields_of(std::uint16_t version) {
  return version == 2 ? 4 : 3;
}

}  // namespace

std::uint64_t Composition::header_size() const {
  return fields_.version == 2 ? sizeof(TrxHeaderV2) : sizeof(TrxHeaderV1);
}

Status Composition::add(Piece piece) {
  if (piece.size > kLargest - size_) {
    return fail(Code::does_not_fit, "the image would be larger than 4 GiB");
  }
  size_ += piece.size;
  if (piece.size > 0) pieces_.push_back(piece);
  return {};
}

// The padding counts from the file's own size, as trx.c has it: where the file started at a
// multiple of 4, that is the same.
Status Composition::add_file(const FileRange& source) {
  if (source.size == 0) {
    return fail_at({source.file->name(), {}}, Code::bad_input,
                   "is empty: there is nothing to put into the image");
  }
  unsigned part = length_ ? 0 : static_cast<unsigned>(offsets_.size());
  TRY(add({source, source.size, 0, part}));
  return add({{}, align_up(source.size, kPartAlignment) - source.size, 0x00, 0});
}

Status Composition::check_last_part() const {
  if (offsets_.empty() || last_start_ < length_.value_or(size_)) return {};
  return fail(Code::usage, "part {} at {:#x} has no bytes left", offsets_.size(), last_start_);
}

Status Composition::start_part(const FileRange& source) {
  if (offsets_.size() == fields_of(fields_.version)) {
    return fail(Code::usage, "a version {} header holds {} parts; {} is one too many",
                fields_.version, fields_of(fields_.version), source.file->name());
  }
  if (length_) {
    return fail(Code::usage, "{} cannot become a part behind the end of length at {:#x}",
                source.file->name(), *length_);
  }
  TRY(check_last_part());
  std::uint64_t shift = offsets_.size() == 2 ? fields_.third_shift : 0;
  offsets_.push_back(static_cast<std::uint32_t>(size_ + shift));
  last_start_ = size_;
  return add_file(source);
}

Status Composition::start_fourth(const FileRange& source) {
  TRY(check_last_part());
  offsets_.resize(std::max(offsets_.size(), kMaximumParts - 1));
  return start_part(source);
}

Status Composition::append(const FileRange& source) {
  if (offsets_.empty()) {
    return fail(Code::usage, "there is no part yet to append {} to", source.file->name());
  }
  return add_file(source);
}

Status Composition::append_behind(const FileRange& source) {
  if (length_) {
    // What lay behind an earlier end lies before the new one.
    for (Piece& piece : pieces_) {
      if (piece.source && piece.part == 0) piece.part = static_cast<unsigned>(offsets_.size());
    }
  }
  length_ = size_;
  return append(source);
}

Status Composition::pad_to(std::uint64_t offset) {
  if (offset < size_) {
    return fail(Code::does_not_fit,
                "the image has {:#x} bytes already, {} more than the offset {:#x}", size_,
                size_ - offset, offset);
  }
  return add({{}, offset - size_, 0x00, 0});
}

Status Composition::cut(std::uint64_t count) {
  std::uint64_t least = offsets_.empty() ? header_size() : last_start_;
  least = std::max(least, length_.value_or(0));
  if (count > size_ - least) {
    return fail(Code::usage, "{} bytes cannot be cut off: only {} follow {}", count, size_ - least,
                length_            ? "the end of length"
                : offsets_.empty() ? "the header"
                                   : "the start of the last part");
  }
  size_ -= count;
  while (count > 0) {
    Piece& last = pieces_.back();
    std::uint64_t step = std::min(count, last.size);
    last.size -= step;
    if (last.source) last.source->size -= step;
    if (last.size == 0) pieces_.pop_back();
    count -= step;
  }
  return {};
}

Status Composition::close(std::uint64_t alignment, const FileRange& tail) {
  TRY(check_last_part());
  // trx2edips.c moves part 3 after the image was padded, which alignment 1 leaves to the steps.
  std::uint64_t shift = offsets_.size() == 3 && alignment > 1 ? fields_.third_shift : 0;
  TRY(pad_to(align_up(size_ + shift + tail.size, alignment) - tail.size));
  TRY(add({tail, tail.size, 0, 0}));
  if (!length_) length_ = size_;
  return {};
}

void Composition::mark(std::uint64_t offset) {
  pieces_.push_back({{}, offset - size_, 0xff, 0});
  for (std::uint8_t byte : kJffs2Marker) pieces_.push_back({{}, 1, byte, 0});
  size_ = offset + kJffs2Marker.size();
}

TrxHeaderV2 Composition::header(std::uint32_t crc) const {
  TrxHeaderV2 header;
  header.magic = fields_.magic;
  header.length = static_cast<std::uint32_t>(length_.value_or(size_));
  header.crc = crc;
  header.flags = fields_.flags;
  header.version = fields_.version;
  for (std::size_t i = 0; i < offsets_.size(); ++i) header.offset[i] = offsets_[i];
  return header;
}

Image Composition::image(const std::string& name, std::uint32_t crc) const {
  return interpret(name, 0, size_, header(crc), {.third_shift = fields_.third_shift});
}

std::uint64_t Composition::part_size(unsigned number) const {
  std::uint64_t size = 0;
  for (const Piece& piece : pieces_) {
    if (piece.part == number) size += piece.size;
  }
  return size;
}

}  // namespace trxkit::trx
