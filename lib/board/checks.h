// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What the values of one board file have to fulfil together: partitions that neither overlap nor
// leave the flash, sizes that are powers of two, addresses in order.
#pragma once

#include "lib/board/board.h"
#include "lib/board/toml.h"
#include "lib/board/values.h"
#include "lib/core/result.h"

namespace trxkit::board {

/// Judges `board`, made of `tables`; positions come from `document`. Errors: Code::bad_input,
/// BRD005 to BRD010, for the first fault.
Status check_board(const Board& board, const CheckedTables& tables, const TomlDocument& document);

}  // namespace trxkit::board
