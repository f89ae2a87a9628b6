// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/cpio_names.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace trxkit::kernel {
namespace {

constexpr std::size_t kLongestName = 4096;
constexpr std::size_t kMaximumNames = 100000;

/// Field `index` of a header: 8 hexadecimal digits behind the 6 of the magic.
std::optional<std::uint32_t> field(std::string_view header, std::size_t index) {
  std::string_view digits = header.substr(6 + 8 * index, 8);
  std::uint32_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

}  // namespace

Status CpioNames::consume(Bytes bytes) {
  while (!bytes.empty()) {
    if (state_ == State::between) {
      if (bytes.front() == std::byte{0}) {
        bytes = bytes.subspan(1);
        ++position_;
        continue;
      }
      state_ = State::header;
      wanted_ = kHeaderSize;
    }
    if (state_ == State::contents) {
      skip_contents(bytes);
      continue;
    }
    std::size_t piece = std::min(bytes.size(), wanted_ - buffer_.size());
    buffer_ += as_text(bytes.first(piece));
    bytes = bytes.subspan(piece);
    position_ += piece;
    if (buffer_.size() == wanted_) TRY(step());
  }
  return {};
}

Status CpioNames::step() {
  if (state_ == State::header) return parse_header();
  if (names_.size() == kMaximumNames) return fail(Code::bad_input, "the cpio has too many entries");
  finish_name();
  return {};
}

Status CpioNames::parse_header() {
  // Fields: linux init/initramfs.c, parse_header().
  auto size = field(buffer_, 6);
  auto name_size = field(buffer_, 11);
  bool magic = buffer_.starts_with("070701") || buffer_.starts_with("070702");
  if (!magic || !size || !name_size || *name_size == 0 || *name_size > kLongestName) {
    return fail(Code::bad_input, "no cpio header at {:#x} of the unpacked initramfs",
                position_ - kHeaderSize);
  }
  buffer_.clear();
  name_size_ = *name_size;
  wanted_ = align_up(kHeaderSize + name_size_, 4) - kHeaderSize;
  contents_ = align_up(*size, 4);
  state_ = State::name;
  return {};
}

void CpioNames::finish_name() {
  std::string name = buffer_.substr(0, name_size_ - 1);
  buffer_.clear();
  seen_trailer_ = name == "TRAILER!!!";
  if (seen_trailer_) {
    end_ = position_;
  } else {
    names_.push_back(std::move(name));
  }
  state_ = contents_ == 0 ? State::between : State::contents;
}

void CpioNames::skip_contents(Bytes& bytes) {
  std::uint64_t piece = std::min<std::uint64_t>(bytes.size(), contents_);
  bytes = bytes.subspan(piece);
  position_ += piece;
  contents_ -= piece;
  if (contents_ == 0) state_ = State::between;
}

}  // namespace trxkit::kernel
