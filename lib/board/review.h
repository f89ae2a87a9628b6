// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Board files under scrutiny: everything that is wrong with one, and what is worth knowing of a
// sound one. Tools that only need a board take load_board(), which stops at the first fault.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/board/board.h"
#include "lib/core/finding.h"

namespace trxkit::board {

struct BoardReview {
  std::string file;
  std::optional<Board> board;  ///< where no finding is an error
  Findings findings;           ///< BRD002 to BRD018, with line, column and source line
};

/// Reviews `text` (TOML); `file` is for messages. Errors: Code::bad_input (BRD001) for what is no
/// TOML.
Result<BoardReview> review_text(std::string_view text, const std::string& file);

/// Reviews the board `name` (see load_board()) also beside all other boards of the folder: whether
/// its names are its own (BRD009) and whether images of another bear the same magic (BRD015).
/// Errors: those of load_board() for what cannot be found or read.
Result<BoardReview> review_board(const std::string& name, const Env& env);

/// Reviews every file of env.data_directory / "boards".
Result<std::vector<BoardReview>> review_all_boards(const Env& env);

}  // namespace trxkit::board
