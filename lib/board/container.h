// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The containers of vendors as a board file names them: which identifiers each takes, and whether
// those given are of the right form. What the containers look like is lib/trx's business.
#pragma once

#include <string_view>

#include "lib/board/board.h"
#include "lib/board/values.h"

namespace trxkit::board {

/// The container that a board file calls `word`; none for a word that no container has.
ContainerKind container_of(std::string_view word);

/// The table [trx.identity]; what it leaves out keeps its default. A version that is no version
/// becomes an empty one, which judge_container() reports.
ContainerIdentity read_identity(const CheckedTable& table);

/// Judges whether the identifiers of `board` are those that its container has (BRD003, BRD005,
/// BRD018). Sources: OpenWrt firmware-utils src/asustrx.c, addpattern.c, mkchkimg.c,
/// motorola-bin.c.
void judge_container(const Board& board, const CheckedTables& tables, const TomlDocument& document,
                     Findings& findings);

}  // namespace trxkit::board
