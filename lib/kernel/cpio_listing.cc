// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/cpio_listing.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <unordered_map>

#include <fmt/ranges.h>

namespace trxkit::kernel {
namespace {

constexpr std::size_t kLongestName = 4096;
constexpr std::size_t kMaximumEntries = 100000;
constexpr unsigned kMostLinks = 40;  // linux include/linux/namei.h: MAXSYMLINKS

/// Field `index` of a header: 8 hexadecimal digits behind the 6 of the magic.
std::optional<std::uint32_t> field(std::string_view header, std::size_t index) {
  std::string_view digits = header.substr(6 + 8 * index, 8);
  std::uint32_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

/// "./a//b" as "a/b"; ".." goes up, at the root nowhere.
std::string normalised(std::string_view path) {
  std::vector<std::string_view> names;
  while (!path.empty()) {
    std::string_view name = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), name.size() + 1));
    if (name == "..") {
      if (!names.empty()) names.pop_back();
    } else if (!name.empty() && name != ".") {
      names.push_back(name);
    }
  }
  return fmt::format("{}", fmt::join(names, "/"));
}

/// By path; of several entries of one path the last, which the kernel unpacks over the others.
using Index = std::unordered_map<std::string, const CpioEntry*>;

Index index_of(const std::vector<CpioEntry>& entries) {
  Index index;
  for (const CpioEntry& entry : entries) index[normalised(entry.name)] = &entry;
  return index;
}

}  // namespace

const CpioEntry* find_in(const std::vector<CpioEntry>& entries, std::string_view path) {
  Index index = index_of(entries);
  std::string wanted = normalised(path);
  std::size_t begin = 0;  // of the part of `wanted` that is looked at
  for (unsigned links = 0; links <= kMostLinks;) {
    std::size_t end = std::min(wanted.find('/', begin), wanted.size());
    auto found = index.find(wanted.substr(0, end));
    const CpioEntry* entry = found == index.end() ? nullptr : found->second;
    if (entry != nullptr && entry->is_symlink()) {
      std::string rest = wanted.substr(end);
      bool absolute = entry->head.starts_with('/');
      wanted = normalised((absolute ? "" : wanted.substr(0, begin)) + entry->head + rest);
      begin = 0;
      ++links;
    } else if (end == wanted.size()) {
      return entry;
    } else {
      begin = end + 1;
    }
  }
  return nullptr;
}

Status CpioListing::consume(Bytes bytes) {
  while (!bytes.empty()) {
    if (state_ == State::between) {
      auto zeros = std::ranges::find_if(bytes, [](std::byte byte) { return byte != std::byte{0}; });
      position_ += static_cast<std::uint64_t>(zeros - bytes.begin());
      bytes = Bytes(zeros, bytes.end());
      if (bytes.empty()) break;
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

Status CpioListing::step() {
  if (state_ == State::header) return parse_header();
  if (entries_.size() == kMaximumEntries)
    return fail(Code::bad_input, "the cpio has too many entries");
  finish_name();
  return {};
}

Status CpioListing::parse_header() {
  // Fields: linux init/initramfs.c, parse_header().
  auto mode = field(buffer_, 1);
  auto size = field(buffer_, 6);
  auto device_major = field(buffer_, 9);
  auto device_minor = field(buffer_, 10);
  auto name_size = field(buffer_, 11);
  bool magic = buffer_.starts_with("070701") || buffer_.starts_with("070702");
  bool sound = magic && mode && size && device_major && device_minor && name_size;
  if (!sound || *name_size == 0 || *name_size > kLongestName) {
    return fail(Code::bad_input, "no cpio header at {:#x} of the unpacked initramfs",
                position_ - kHeaderSize);
  }
  buffer_.clear();
  entry_ = {.name = {},
            .mode = *mode,
            .device_major = *device_major,
            .device_minor = *device_minor,
            .size = *size};
  name_size_ = *name_size;
  wanted_ = align_up(kHeaderSize + name_size_, 4) - kHeaderSize;
  contents_ = align_up(*size, 4);
  state_ = State::name;
  return {};
}

void CpioListing::finish_name() {
  entry_.name = buffer_.substr(0, name_size_ - 1);
  buffer_.clear();
  seen_trailer_ = entry_.name == "TRAILER!!!";
  head_ = 0;
  if (seen_trailer_) {
    end_ = position_;
  } else {
    bool kept = (entry_.is_executable() || entry_.is_symlink()) && heads_ < CpioEntry::kMostHeads;
    if (kept) {
      ++heads_;
      head_ = std::min<std::uint64_t>(entry_.size, CpioEntry::kHeadSize);
    }
    entries_.push_back(std::move(entry_));
  }
  state_ = contents_ == 0 ? State::between : State::contents;
}

void CpioListing::skip_contents(Bytes& bytes) {
  std::uint64_t piece = std::min<std::uint64_t>(bytes.size(), contents_);
  std::size_t head = std::min<std::size_t>(piece, head_);
  if (head > 0) entries_.back().head += as_text(bytes.first(head));
  head_ -= head;
  bytes = bytes.subspan(piece);
  position_ += piece;
  contents_ -= piece;
  if (contents_ == 0) state_ = State::between;
}

}  // namespace trxkit::kernel
