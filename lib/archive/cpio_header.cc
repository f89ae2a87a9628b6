// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/archive/cpio_header.h"

#include <algorithm>
#include <charconv>

namespace trxkit::archive {
namespace {

constexpr std::size_t kNameSizeField = 94;  // behind the magic and eleven fields of 8 digits
constexpr std::size_t kDigits = 8;
constexpr std::uint32_t kLongestName = 64 << 10;

bool is_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

}  // namespace

bool is_newc(Bytes head) {
  std::string_view text = as_text(head);
  return text.starts_with("070701") || text.starts_with("070702");
}

Status check_newc_header(Bytes header, const Where& where) {
  constexpr std::string_view kHint = "get the file again, and compare its checksum";
  if (header.size() < kNewcHeaderSize) return {};
  std::string_view text = as_text(header.first(kNewcHeaderSize));
  if (!is_newc(header) || !std::ranges::all_of(text, is_digit)) {
    return advise(fail_at(where, Code::bad_input, "the cpio is damaged: no entry starts here"),
                  std::string(kHint));
  }
  std::string_view digits = text.substr(kNameSizeField, kDigits);
  std::uint32_t size = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
  if (size <= kLongestName) return {};
  return advise(fail_at(where, Code::bad_input,
                        "the cpio is damaged: an entry claims a name of {} bytes", size),
                std::string(kHint));
}

}  // namespace trxkit::archive
