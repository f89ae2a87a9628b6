// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/core/field_text.h"

#include <charconv>

namespace trxkit {

std::optional<std::uint64_t> decimal_number(std::string_view text, std::uint64_t most) {
  std::uint64_t value = 0;
  auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool whole = fault == std::errc{} && stop == text.data() + text.size();
  bool padded = text.size() > 1 && text.front() == '0';
  if (!whole || padded || value > most) return std::nullopt;
  return value;
}

std::optional<std::uint32_t> ipv4_address(std::string_view text) {
  std::uint32_t value = 0;
  for (int part = 0; part < 4; ++part) {
    std::size_t end = part < 3 ? text.find('.') : text.size();
    if (end == std::string_view::npos) return std::nullopt;
    auto octet = decimal_number(text.substr(0, end), 255);
    if (!octet) return std::nullopt;
    value = value << 8 | static_cast<std::uint32_t>(*octet);
    if (part < 3) text.remove_prefix(end + 1);
  }
  return value;
}

bool is_sha256_text(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace trxkit
