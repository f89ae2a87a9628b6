// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/nvram/secret.h"

#include <algorithm>
#include <array>
#include <string>

namespace trxkit::nvram {
namespace {

// Anywhere in a name.
constexpr std::array<std::string_view, 5> kFragments{"pass", "psk", "secret", "key", "token"};
// Only as a word of its own: "spin" and "pins" are none.
constexpr std::array<std::string_view, 3> kWords{"pin", "pw", "pwd"};

bool is_letter(char letter) {
  return letter >= 'a' && letter <= 'z';
}

bool has_word(std::string_view name, std::string_view word) {
  for (std::size_t at = name.find(word); at != std::string_view::npos;
       at = name.find(word, at + 1)) {
    std::size_t end = at + word.size();
    bool starts = at == 0 || !is_letter(name[at - 1]);
    if (starts && (end == name.size() || !is_letter(name[end]))) return true;
  }
  return false;
}

}  // namespace

bool looks_secret(std::string_view name) {
  std::string lower(name);
  for (char& letter : lower) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return std::ranges::any_of(
             kFragments,
             [&](std::string_view part) { return lower.find(part) != std::string::npos; }) ||
         std::ranges::any_of(kWords, [&](std::string_view word) { return has_word(lower, word); });
}

}  // namespace trxkit::nvram
