// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What the values of one board file have to fulfil together: partitions that cover the flash
// without overlaps, sizes that are powers of two, addresses in order, an origin for what is
// uncertain.
#pragma once

#include "lib/board/board.h"
#include "lib/board/toml.h"
#include "lib/board/values.h"
#include "lib/core/finding.h"

namespace trxkit::board {

/// Judges `board`, made of `tables`; positions come from `document`. Reports everything: errors
/// (BRD003, BRD005 to BRD010, BRD012, BRD018), and what is worth knowing of a sound file (BRD013,
/// BRD014, BRD017).
Findings judge_board(const Board& board, const CheckedTables& tables, const TomlDocument& document);

}  // namespace trxkit::board
