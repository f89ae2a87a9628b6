// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Whether one value of a board file has the type, the range and the form that its key asks for.
// Does not look at two values together.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/board/keys.h"
#include "lib/board/toml.h"
#include "lib/core/finding.h"

namespace trxkit::board {

/// What is wrong, where, and what to write instead.
struct Fault {
  FindingId id;
  Position position;
  std::string what;
  std::string hint = {};
};

/// What is wrong with `value` as the value of `spec` (BRD004, BRD005, BRD009, BRD011); nothing
/// where it is right.
std::optional<Fault> find_fault(const KeySpec& spec, const TomlValue& value);

/// "did you mean 'erase'?", or which words there are.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

}  // namespace trxkit::board
