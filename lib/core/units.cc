// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/core/units.h"

#include <array>
#include <charconv>
#include <memory>

#include "lib/core/bytes.h"

namespace trxkit {
namespace {

struct Suffix {
  std::string_view text;
  std::uint64_t factor;
};

// Longest first: "KiB" must not be read as "K" with a rest.
constexpr std::array<Suffix, 9> kSuffixes{{{"KiB", 1ULL << 10},
                                           {"MiB", 1ULL << 20},
                                           {"GiB", 1ULL << 30},
                                           {"k", 1ULL << 10},
                                           {"K", 1ULL << 10},
                                           {"m", 1ULL << 20},
                                           {"M", 1ULL << 20},
                                           {"g", 1ULL << 30},
                                           {"G", 1ULL << 30}}};

}  // namespace

Result<std::uint64_t> parse_number(std::string_view text) {
  bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
  std::string_view digits = hexadecimal ? text.substr(2) : text;
  std::uint64_t value = 0;
  const char* end = std::to_address(digits.end());
  auto [stop, error] =
      std::from_chars(std::to_address(digits.begin()), end, value, hexadecimal ? 16 : 10);
  if (error == std::errc::result_out_of_range) {
    return fail(Code::usage, "'{}' is larger than 64 bits", text);
  }
  if (error != std::errc{} || stop != end) {
    return advise(fail(Code::usage, "'{}' is not a number", text),
                  "write decimal digits, or 0x and hexadecimal digits");
  }
  return value;
}

Result<std::uint64_t> parse_size(std::string_view text) {
  for (const Suffix& suffix : kSuffixes) {
    // A hexadecimal number has no suffix: none of its digits is one of these letters.
    if (!text.ends_with(suffix.text)) continue;
    std::uint64_t count = TRY(parse_number(text.substr(0, text.size() - suffix.text.size())));
    if (auto bytes = checked_multiply(count, suffix.factor)) return *bytes;
    return fail(Code::usage, "'{}' is larger than 64 bits", text);
  }
  return parse_number(text);
}

std::string human_size(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 7> kUnits{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  std::size_t unit = 0;
  auto value = static_cast<double>(bytes);
  while (value >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  std::string number = fmt::format("{:.2f}", value);
  while (number.ends_with('0')) number.pop_back();
  if (number.ends_with('.')) number.pop_back();
  return fmt::format("{} {}", number, kUnits[unit]);
}

}  // namespace trxkit
