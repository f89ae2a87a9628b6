// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/trx/compose.h"

#include <limits>

namespace trxkit::trx {
namespace {

constexpr std::uint64_t kLargest = std::numeric_limits<std::uint32_t>::max();

std::size_t fields_of(std::uint16_t version) {
  return version == 2 ? 4 : 3;
}

}  // namespace

Composition::Composition(std::uint32_t magic, std::uint16_t version)
    : magic_(magic), version_(version), size_(header_size()) {}

std::uint64_t Composition::header_size() const {
  return version_ == 2 ? sizeof(TrxHeaderV2) : sizeof(TrxHeaderV1);
}

Status Composition::add(Piece piece) {
  if (piece.size > kLargest - size_) {
    return fail(Code::does_not_fit, "the image would be larger than 4 GiB");
  }
  size_ += piece.size;
  if (piece.size > 0) pieces_.push_back(piece);
  return {};
}

Status Composition::start_part(const FileRange& source) {
  if (offsets_.size() == fields_of(version_)) {
    return fail(Code::usage, "a version {} header holds {} parts; {} is one too many", version_,
                fields_of(version_), source.file->name());
  }
  if (source.size == 0) {
    return fail_at({source.file->name(), {}}, Code::bad_input,
                   "is empty: no part can be made of it");
  }
  TRY(pad_to(align_up(size_, kPartAlignment)));
  offsets_.push_back(static_cast<std::uint32_t>(size_));
  return add({source, source.size, 0, static_cast<unsigned>(offsets_.size())});
}

Status Composition::append(const FileRange& source) {
  if (offsets_.empty()) {
    return fail(Code::usage, "there is no part yet to append {} to", source.file->name());
  }
  TRY(pad_to(align_up(size_, kPartAlignment)));
  return add({source, source.size, 0, static_cast<unsigned>(offsets_.size())});
}

Status Composition::pad_to(std::uint64_t offset) {
  if (offset < size_) {
    return fail(Code::does_not_fit,
                "the image has {:#x} bytes already, {} more than the offset {:#x}", size_,
                size_ - offset, offset);
  }
  return add({{}, offset - size_, 0x00, 0});
}

Status Composition::close() {
  TRY(pad_to(align_up(size_, kImageAlignment)));
  length_ = static_cast<std::uint32_t>(size_);
  return {};
}

void Composition::mark(std::uint64_t offset) {
  pieces_.push_back({{}, offset - size_, 0xff, 0});
  for (std::uint8_t byte : kJffs2Marker) pieces_.push_back({{}, 1, byte, 0});
  size_ = offset + kJffs2Marker.size();
}

TrxHeaderV2 Composition::header(std::uint32_t crc) const {
  TrxHeaderV2 header;
  header.magic = magic_;
  header.length = length_;
  header.crc = crc;
  header.version = version_;
  for (std::size_t i = 0; i < offsets_.size(); ++i) header.offset[i] = offsets_[i];
  return header;
}

Image Composition::image(const std::string& name, std::uint32_t crc) const {
  return interpret(name, 0, size_, header(crc));
}

}  // namespace trxkit::trx
