// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Text out of files that people are shown: a terminal must not obey it.
#pragma once

#include <string>
#include <string_view>

namespace trxkit {

/// `text` with the bytes of its control characters as \xNN: ASCII's, and U+0080 to U+009F (C1 of
/// ECMA-48) in UTF-8. All other bytes are unchanged.
std::string printable(std::string_view text);

/// The same with a blank for each of those bytes, so that columns keep their place.
std::string blanked(std::string_view text);

}  // namespace trxkit
