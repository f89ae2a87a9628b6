// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The few symbols of a kernel that this room needs: from the symbol table of its file, or in a
// stripped kernel from its own kallsyms.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "lib/system/file.h"

namespace trxkit::kernel {

struct KernelElf;

struct Symbol {
  std::uint64_t address = 0;  ///< virtual
  std::uint64_t size = 0;     ///< bytes; from kallsyms: up to the next symbol
};

enum class SymbolSource : std::uint8_t {
  none,          ///< stripped, and without kallsyms
  symbol_table,  ///< the ELF section .symtab
  kallsyms,      ///< the kernel's own table; names data only with CONFIG_KALLSYMS_ALL
};

struct KernelSymbols {
  SymbolSource source = SymbolSource::none;
  /// Of arcs_cmdline, builtin_cmdline, __initramfs_start, __initramfs_size and _end those that are
  /// defined.
  std::map<std::string, Symbol, std::less<>> known = {};
  std::string fault = {};  ///< why the symbol table cannot be read; empty where it can

  std::optional<Symbol> find(std::string_view name) const;
};

/// The symbols of `elf`, whose headers are those of `file`. A damaged table is told in `fault`.
/// Errors: Code::io.
Result<KernelSymbols> read_symbols(const InputFile& file, const KernelElf& elf);

}  // namespace trxkit::kernel
