// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Options that several verbs have.
#pragma once

#include <optional>
#include <string>

#include "lib/board/board.h"
#include "lib/system/file.h"
#include "lib/trx/wrapped.h"

namespace trxkit {

/// The board called `name`, or nothing for an empty one. Errors: those of board::load_board().
Result<std::optional<board::Board>> optional_board(const std::string& name, const Env& env);

/// The file `path`, or nothing for an empty one. Errors: Code::io.
Result<std::optional<InputFile>> optional_file(const std::string& path, const Env& env);

/// Where an image is to be looked for: at the start of a file that it fills, or at `offset` of one
/// that holds more.
inline trx::Place place_of(std::optional<std::uint64_t> offset) {
  return {.position = offset.value_or(0), .embedded = offset.has_value()};
}

/// The value behind an optional, or null.
template <typename T>
const T* pointer_to(const std::optional<T>& value) {
  return value ? &*value : nullptr;
}

}  // namespace trxkit
