// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/byte_range.h"

#include <algorithm>

#include "lib/core/field_text.h"

namespace trxkit::boot {
namespace {

constexpr ByteRange kUnsatisfiable{ByteRange::Kind::unsatisfiable, 0, 0};

ByteRange from(std::uint64_t first, std::uint64_t size) {
  if (size == 0) return kUnsatisfiable;
  return {ByteRange::Kind::part, first, size};
}

}  // namespace

ByteRange requested_range(std::string_view header, std::uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  const ByteRange whole{ByteRange::Kind::whole, 0, size};
  std::size_t dash = header.find('-');
  if (!header.starts_with(kUnit) || dash == std::string_view::npos) return whole;
  std::string_view before = header.substr(kUnit.size(), dash - kUnit.size());
  std::string_view behind = header.substr(dash + 1);
  auto first = decimal_number(before), last = decimal_number(behind);
  if (before.empty() && last) {
    std::uint64_t count = std::min(*last, size);
    return from(size - count, count);
  }
  if (!first || !(last || behind.empty()) || (last && *last < *first)) return whole;
  if (*first >= size) return kUnsatisfiable;
  std::uint64_t rest = size - *first;
  return from(*first, last ? std::min(*last - *first, rest - 1) + 1 : rest);
}

}  // namespace trxkit::boot
