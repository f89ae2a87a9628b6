// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Which models a TRX magic is known for. It tells people what an image was made for; which magic a
// board needs stands in its board file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/core/result.h"

namespace trxkit::trx {

/// The models that take `magic`, as prose ("Belkin F7D3301/F7D7301"), or nothing for an unknown
/// one.
std::optional<std::string_view> models_of_magic(std::uint32_t magic);

/// "0x20100322 (Belkin F7D3301/F7D7301)", "0x30524448 "HDR0" (...)", or the number alone.
std::string describe_magic(std::uint32_t magic);

/// A magic as people write it: 0x and at most eight hexadecimal digits, or "HDR0". Errors:
/// Code::usage for anything else; digits without 0x as well, since 20100322 read as a decimal
/// number would be another magic than the one that is meant (firmware-utils src/trx.c takes it so).
Result<std::uint32_t> parse_magic(std::string_view text);

}  // namespace trxkit::trx
