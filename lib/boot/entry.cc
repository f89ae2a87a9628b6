// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/entry.h"

#include <algorithm>

namespace trxkit::boot {
namespace {

constexpr std::size_t kLongestEntryName = 32;

}  // namespace

Status check_entry_name(const std::string& name) {
  auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  if (!name.empty() && name.size() <= kLongestEntryName && std::ranges::all_of(name, allowed) &&
      name.front() != '-' && name != "entries") {
    return {};
  }
  return advise(fail(Code::usage, "'{}' cannot be the name of a boot entry", name),
                fmt::format("up to {} of a-z, 0-9 and '-', not '-' first, not \"entries\"",
                            kLongestEntryName));
}

Status check_entry_value(const std::string& what, const std::string& value) {
  auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
  if (!std::ranges::any_of(value, control)) return {};
  return fail(Code::usage, "{} of a boot entry is one line without control characters", what);
}

}  // namespace trxkit::boot
