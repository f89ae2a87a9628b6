// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The symbols that a kernel carries for its own messages (CONFIG_KALLSYMS), which stripping leaves
// in place. Nothing is guessed: tables whose parts do not agree are no tables.
#pragma once

#include <functional>
#include <string_view>

#include "lib/kernel/elf.h"

namespace trxkit::kernel {

/// A symbol of kallsyms. Sizes are not stored: `size` reaches to the next higher address.
struct KallsymsSymbol {
  char type = '\0';  ///< as nm(1) prints it: 't' and 'T' for code, 'd' and 'D' for data
  std::string_view name;
  std::uint32_t address = 0;
  std::uint64_t size = 0;  ///< bytes; 0 for the last
};

/// Calls `seen` for all symbols in ascending order of their addresses and returns whether there are
/// tables. They count only where their "kernel_entry" is the entry point of `elf` (linux
/// arch/mips/kernel/vmlinux.lds.S), which proves that names and addresses belong together. Only
/// 32-bit little-endian kernels are read; layouts of Linux 2.6 to 6.x. Errors: Code::io.
Result<bool> read_kallsyms(const InputFile& file, const KernelElf& elf,
                           const std::function<void(const KallsymsSymbol&)>& seen);

}  // namespace trxkit::kernel
