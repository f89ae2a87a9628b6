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
/// becomes an empty one, which check_container() reports.
ContainerIdentity read_identity(const CheckedTable& table);

/// Whether the identifiers of `board` are those that its container has (sources: OpenWrt
/// firmware-utils src/asustrx.c, addpattern.c, mkchkimg.c, motorola-bin.c). Errors:
/// Code::bad_input, BRD003, BRD005 or BRD010.
Status check_container(const Board& board, const CheckedTables& tables,
                       const TomlDocument& document);

}  // namespace trxkit::board
