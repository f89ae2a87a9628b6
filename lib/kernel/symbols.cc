// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/symbols.h"

#include <algorithm>
#include <array>
#include <memory>

#include <gelf.h>
#include <libelf.h>

#include "lib/kernel/kallsyms.h"

namespace trxkit::kernel {
namespace {

using Handle = std::unique_ptr<Elf, int (*)(Elf*)>;

/// The symbol table of a kernel is 1-3 MB; more than this is not read into memory.
constexpr std::uint64_t kMaximumTableSize = 32 << 20;

constexpr std::array<std::string_view, 5> kWanted{"__initramfs_size", "__initramfs_start", "_end",
                                                  "arcs_cmdline", "builtin_cmdline"};

bool is_wanted(std::string_view name) {
  return std::ranges::find(kWanted, name) != kWanted.end();
}

/// Reads .symtab through libelf, on files whose ranges read_kernel() has checked. libelf reads with
/// pread(2) here: no mapping that a shrinking file could turn into a signal.
class SymbolTable {
 public:
  SymbolTable(const InputFile& file, KernelSymbols& symbols)
      : symbols_(symbols), elf_(begin(file), elf_end) {}

  void read() {
    if (!elf_ || elf_kind(elf_.get()) != ELF_K_ELF) return damaged();
    Elf_Scn* section = nullptr;
    while ((section = elf_nextscn(elf_.get(), section)) != nullptr) {
      GElf_Shdr header;
      if (gelf_getshdr(section, &header) == nullptr) return damaged();
      bool holds_symbols =
          header.sh_type == SHT_SYMTAB && header.sh_size != 0 && header.sh_entsize != 0;
      if (holds_symbols) read_section(section, header);
    }
  }

 private:
  static Elf* begin(const InputFile& file) {
    elf_version(EV_CURRENT);
    return elf_begin(file.descriptor(), ELF_C_READ, nullptr);
  }

  void damaged() {
    const char* reason = elf_errmsg(-1);
    symbols_.fault = reason == nullptr ? "unknown reason" : reason;
  }

  void read_section(Elf_Scn* section, const GElf_Shdr& header) {
    GElf_Shdr names;
    Elf_Scn* strings = elf_getscn(elf_.get(), header.sh_link);
    if (strings == nullptr || gelf_getshdr(strings, &names) == nullptr) return damaged();
    if (header.sh_size > kMaximumTableSize || names.sh_size > kMaximumTableSize) {
      symbols_.fault = "it is larger than any kernel's";
      return;
    }
    Elf_Data* data = elf_getdata(section, nullptr);
    if (data == nullptr) return damaged();
    symbols_.source = SymbolSource::symbol_table;
    std::size_t count = header.sh_size / header.sh_entsize;
    for (std::size_t i = 1; i < count; ++i) {
      GElf_Sym symbol;
      if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr) return damaged();
      if (symbol.st_shndx == SHN_UNDEF) continue;
      const char* name = elf_strptr(elf_.get(), header.sh_link, symbol.st_name);
      if (name == nullptr || !is_wanted(name)) continue;
      symbols_.known.try_emplace(name, Symbol{symbol.st_value, symbol.st_size});
    }
  }

  KernelSymbols& symbols_;
  Handle elf_;
};

}  // namespace

std::optional<Symbol> KernelSymbols::find(std::string_view name) const {
  auto found = known.find(name);
  return found == known.end() ? std::nullopt : std::optional(found->second);
}

Result<KernelSymbols> read_symbols(const InputFile& file, const KernelElf& elf) {
  KernelSymbols symbols;
  if (elf.has_symbol_table) {
    SymbolTable(file, symbols).read();
    return symbols;
  }
  bool found = TRY(read_kallsyms(file, elf, [&](const KallsymsSymbol& symbol) {
    if (!is_wanted(symbol.name)) return;
    symbols.known.try_emplace(std::string(symbol.name), Symbol{symbol.address, symbol.size});
  }));
  if (found) symbols.source = SymbolSource::kallsyms;
  return symbols;
}

}  // namespace trxkit::kernel
