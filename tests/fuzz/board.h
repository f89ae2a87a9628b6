// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The board that images and kernels are judged for.
#pragma once

#include <cstdlib>

#include "lib/board/board.h"

namespace trxkit::fuzz {

inline board::Board any_board() {
  auto board = board::load_board("belkin-f7d7301", Env::system());
  if (!board) std::abort();
  return *std::move(board);
}

}  // namespace trxkit::fuzz
