// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Text out of files that people are shown: a terminal must not obey it.
#pragma once

#include <string>
#include <string_view>

namespace trxkit {

/// `text` with its control bytes as \xNN; all others unchanged.
std::string printable(std::string_view text);

}  // namespace trxkit
