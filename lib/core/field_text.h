// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What short fields in texts of others have to look like. Strict: nothing before or behind, no
// sign, no leading zero, which shells and inet_aton(3) take for the start of an octal number.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace trxkit {

/// The decimal number, from 0 to `most`, that is all of `text`; nothing for any other text.
std::optional<std::uint64_t> decimal_number(std::string_view text, std::uint64_t most = UINT64_MAX);

/// "A.B.C.D", as a number with A in its highest byte; nothing for any other text.
std::optional<std::uint32_t> ipv4_address(std::string_view text);

/// Whether `text` is a SHA-256 as everybody writes it: 64 hexadecimal digits, lower case.
bool is_sha256_text(std::string_view text);

}  // namespace trxkit
