// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What a misspelt word was probably meant to be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trxkit {

/// The word of `known` with the fewest edits (insert, delete, replace, swap neighbours) from
/// `word`, the first of several; empty where more than a third of `word`'s letters would change.
std::string nearest(std::string_view word, const std::vector<std::string>& known);

}  // namespace trxkit
