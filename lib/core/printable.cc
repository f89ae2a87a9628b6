// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/core/printable.h"

#include <functional>

#include <fmt/format.h>

namespace trxkit {
namespace {

// Bytes of the control character that `text` (not empty) starts with; 0 where it starts with none.
std::size_t control_length(std::string_view text) {
  auto byte_at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte_at(0) < 0x20 || byte_at(0) == 0x7f) return 1;
  // U+0080 to U+009F: U+009B is to a terminal what ESC [ is.
  bool c1 = text.size() > 1 && byte_at(0) == 0xc2 && byte_at(1) >= 0x80 && byte_at(1) <= 0x9f;
  return c1 ? 2 : 0;
}

std::string replace_controls(std::string_view text,
                             const std::function<std::string(char)>& replacement) {
  std::string result;
  while (!text.empty()) {
    std::size_t length = control_length(text);
    for (char letter : text.substr(0, length)) result += replacement(letter);
    if (length == 0) result += text[length++];
    text.remove_prefix(length);
  }
  return result;
}

}  // namespace

std::string printable(std::string_view text) {
  return replace_controls(text, [](char letter) {
    return fmt::format("\\x{:02x}", static_cast<unsigned char>(letter));
  });
}

std::string blanked(std::string_view text) {
  return replace_controls(text, [](char) { return " "; });
}

}  // namespace trxkit
