// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/archive/dictionary.h"

#include <algorithm>
#include <bit>
#include <string_view>

namespace trxkit::archive {
namespace {

constexpr std::uint64_t kLargestOfLzma2 = 0xFFFFFFFF;

/// Bytes one after the other; behind the end there are zeros.
class Cursor {
 public:
  explicit Cursor(Bytes bytes) : bytes_(bytes) {}
  std::uint64_t byte() {
    if (bytes_.empty()) return 0;
    auto value = std::to_integer<std::uint64_t>(bytes_.front());
    bytes_ = bytes_.subspan(1);
    return value;
  }
  std::uint64_t little_endian(unsigned size) {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < size; ++i) value |= byte() << (8 * i);
    return value;
  }
  /// The "multibyte integer" of xz (xz-file-format.txt 1.2).
  std::uint64_t variable() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 63; shift += 7) {
      std::uint64_t part = byte();
      value |= (part & 0x7f) << shift;
      if ((part & 0x80) == 0) break;
    }
    return value;
  }
  void skip(std::uint64_t count) {
    for (std::uint64_t i = 0; i < count && !bytes_.empty(); ++i) byte();
  }

 private:
  Bytes bytes_;
};

/// xz-file-format.txt 3.1: the header of the first block, and in it the filter LZMA2 (5.3.1).
std::uint64_t of_xz(Bytes head) {
  constexpr std::size_t kStreamHeader = 12;
  constexpr std::uint64_t kLzma2 = 0x21, kLargestBits = 40;
  if (head.size() < kStreamHeader) return 0;
  Cursor cursor(head.subspan(kStreamHeader));
  if (cursor.byte() == 0) return 0;  // the index: no blocks
  std::uint64_t flags = cursor.byte();
  if ((flags & 0x40) != 0) cursor.variable();
  if ((flags & 0x80) != 0) cursor.variable();
  for (std::uint64_t filter = 0; filter <= (flags & 3); ++filter) {
    std::uint64_t id = cursor.variable();
    std::uint64_t size = cursor.variable();
    if (id != kLzma2) {
      cursor.skip(size);
      continue;
    }
    std::uint64_t bits = cursor.byte();
    if (bits > kLargestBits) return 0;
    return bits == kLargestBits ? kLargestOfLzma2 : (2 | (bits & 1)) << (bits / 2 + 11);
  }
  return 0;
}

/// RFC 8878 3.1.1.1: a window of its own, or one that holds all of the contents.
std::uint64_t of_zstd(Bytes head) {
  constexpr std::size_t kMagic = 4;
  constexpr unsigned kIdSizes[] = {0, 1, 2, 4}, kContentSizes[] = {1, 2, 4, 8};
  Cursor cursor(head.subspan(kMagic));
  std::uint64_t descriptor = cursor.byte();
  if ((descriptor & 0x20) == 0) {
    std::uint64_t window = cursor.byte();
    std::uint64_t base = std::uint64_t{1} << (10 + (window >> 3));
    return base + base / 8 * (window & 7);
  }
  cursor.skip(kIdSizes[descriptor & 3]);
  return cursor.little_endian(kContentSizes[descriptor >> 6]);
}

/// Bytes; 0 where nothing tells.
std::uint64_t dictionary_size(Bytes head) {
  std::string_view text = as_text(head);
  if (text.starts_with(std::string_view("\xfd"
                                        "7zXZ\0",
                                        6)))
    return of_xz(head);
  if (text.starts_with("\x28\xb5\x2f\xfd")) return of_zstd(head);
  if (text.starts_with("LZIP")) {  // lzip manual, "File format": a power of two less sixteenths
    Cursor cursor(head.subspan(std::min<std::size_t>(5, head.size())));
    std::uint64_t coded = cursor.byte();
    std::uint64_t base = std::uint64_t{1} << (coded & 0x1f);
    return base - base / 16 * (coded >> 5);
  }
  // lzma has no magic. Of what is larger than the few MiB of most, libarchive takes powers of two
  // up to 256 MiB for lzma (lzma_bidder_bid()).
  constexpr std::uint64_t kLargestProperties = 8 + 9 * (4 + 5 * 4), kLargestOfLzma = 256 << 20;
  Cursor cursor(head);
  if (cursor.byte() > kLargestProperties) return 0;
  std::uint64_t size = cursor.little_endian(4);
  return std::has_single_bit(size) && size <= kLargestOfLzma ? size : 0;
}

}  // namespace

Status check_dictionary(Bytes head, const Where& where) {
  constexpr std::uint64_t kLargest = 64 << 20;
  std::uint64_t size = dictionary_size(head);
  if (size <= kLargest) return {};
  return advise(fail_at(where, Code::bad_input,
                        "its decoder needs {} MiB of memory, which is more than the {} MiB allowed",
                        size >> 20, kLargest >> 20),
                "pack it again, with xz -9 or less");
}

}  // namespace trxkit::archive
