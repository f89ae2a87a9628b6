// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Numbers as people write and read them: sizes with k, M, G or 0x in, "3.69 MiB" out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/core/result.h"

namespace trxkit {

/// An unsigned number: decimal, or hexadecimal with 0x. Nothing before or behind it.
/// Errors: Code::usage for anything else, overflow of 64 bits included.
Result<std::uint64_t> parse_number(std::string_view text);

/// A number with an optional k, M or G (binary: 1024-based, upper or lower case; "KiB", "MiB",
/// "GiB" as well). "7744k", "0x20000", "8M". Errors as parse_number().
Result<std::uint64_t> parse_size(std::string_view text);

/// "28 B", "64 KiB", "3.69 MiB": binary units, at most two decimals, none where they are zero.
std::string human_size(std::uint64_t bytes);

/// "s" unless `count` is 1: "{} block{}".
constexpr std::string_view plural(std::uint64_t count) {
  return count == 1 ? "" : "s";
}

}  // namespace trxkit
