// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Kernels as ELF files: headers, symbols, banner, configuration, the initramfs inside, all checks.
#include "lib/kernel/check.h"
#include "lib/kernel/initramfs.h"

#include "tests/fuzz/board.h"
#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace trxkit;
  static const board::Board board = fuzz::any_board();
  InputFile file = fuzz::memory_file(fuzz::bytes_of(data, size));
  auto elf = kernel::read_kernel(file);
  if (!elf) return 0;
  for (auto role : {kernel::Role::flash, kernel::Role::stick}) {
    if (auto findings = kernel::check_kernel(file, *elf, board, role)) fuzz::look_at(*findings);
  }
  if (auto initramfs = kernel::find_initramfs(file, *elf); initramfs && *initramfs) {
    if ((*initramfs)->offset + (*initramfs)->size > file.size()) std::abort();
  }
  return 0;
}
