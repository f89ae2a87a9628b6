// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/core/printable.h"

#include <fmt/format.h>

namespace trxkit {

std::string printable(std::string_view text) {
  std::string result;
  for (char letter : text) {
    auto byte = static_cast<unsigned char>(letter);
    if (byte < 0x20 || byte == 0x7f) {
      result += fmt::format("\\x{:02x}", byte);
    } else {
      result += letter;
    }
  }
  return result;
}

}  // namespace trxkit
