// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Kernel modules (.ko) and the heads of programs.
#include "lib/kernel/module_file.h"
#include "lib/kernel/program_head.h"

#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace trxkit;
  Bytes bytes = fuzz::bytes_of(data, size);
  if (auto module = kernel::read_module(bytes, "input")) {
    if (module->vermagic.size() + module->depends.size() > size) std::abort();
    for (const std::string& name : module->depends) {
      if (name.contains('/') || name.contains('-')) std::abort();
    }
  }
  if (auto program = kernel::read_program_head(bytes)) {
    if (program->interpreter.size() > size) std::abort();
  }
  return 0;
}
