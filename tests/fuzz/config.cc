// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The configuration inside a kernel (IKCONFIG), as packed bytes and as text, and what is asked of
// it.
#include "lib/kernel/check_parts.h"

#include "tests/fuzz/board.h"
#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace trxkit;
  static const board::Board board = fuzz::any_board();
  Bytes bytes = fuzz::bytes_of(data, size);
  kernel::KernelElf elf;
  elf.segments = {{.type = 1, .file_size = size, .memory_size = size}};
  if (!kernel::read_config(fuzz::memory_file(bytes), elf)) std::abort();  // damage is no failure
  kernel::KernelFacts facts;
  facts.config = kernel::KernelConfig::parse(as_text(bytes));
  for (auto role : {kernel::Role::flash, kernel::Role::stick}) {
    fuzz::look_at(kernel::check_config({elf, facts, board, role}));
  }
  return 0;
}
