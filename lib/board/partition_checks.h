// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The flash map of a board file: partitions that cover the chip block by block, without holes and
// overlaps, and one of each role that the tools rely on.
#pragma once

#include "lib/board/board.h"
#include "lib/board/toml.h"
#include "lib/board/values.h"
#include "lib/core/finding.h"

namespace trxkit::board {

/// Findings BRD003 and BRD006 to BRD009, BRD012 on the partitions of `board`; whether they overlap
/// or leave holes only where no error was found before.
void judge_partitions(const Board& board, const CheckedTables& tables, const TomlDocument& document,
                      Findings& findings);

}  // namespace trxkit::board
