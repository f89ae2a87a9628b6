// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Board files.
#include "lib/board/board.h"

#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace trxkit;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  auto board = board::parse_board(text, "board.toml");
  if (board && board->name.empty()) std::abort();
  if (!board && board.error().what.empty()) std::abort();
  return 0;
}
