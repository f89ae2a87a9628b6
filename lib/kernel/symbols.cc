// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Symbol lookup through libelf, on files whose ranges read_kernel() has checked. libelf reads with
// pread(2) here: no mapping that a shrinking file could turn into a signal.
#include <memory>

#include <gelf.h>
#include <libelf.h>

#include "lib/kernel/elf.h"

namespace trxkit::kernel {
namespace {

using Handle = std::unique_ptr<Elf, int (*)(Elf*)>;

/// The symbol table of a kernel is 1-3 MB; more than this is not read into memory.
constexpr std::uint64_t kMaximumTableSize = 32 << 20;

std::unexpected<Error> damaged(const InputFile& file) {
  const char* reason = elf_errmsg(-1);
  return fail_at({.file = file.name()}, Code::bad_input, "cannot read the symbol table: {}",
                 reason == nullptr ? "unknown reason" : reason);
}

std::optional<Symbol> look_in(Elf* elf, Elf_Data* data, std::size_t names, std::size_t count,
                              const std::string& wanted) {
  for (std::size_t i = 1; i < count; ++i) {
    GElf_Sym symbol;
    if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr) return std::nullopt;
    if (symbol.st_shndx == SHN_UNDEF) continue;
    const char* name = elf_strptr(elf, names, symbol.st_name);
    if (name != nullptr && wanted == name) return Symbol{symbol.st_value, symbol.st_size};
  }
  return std::nullopt;
}

}  // namespace

Result<std::optional<Symbol>> find_symbol(const InputFile& file, const std::string& name) {
  elf_version(EV_CURRENT);
  Handle elf(elf_begin(file.descriptor(), ELF_C_READ, nullptr), elf_end);
  if (!elf || elf_kind(elf.get()) != ELF_K_ELF) return damaged(file);
  Elf_Scn* section = nullptr;
  while ((section = elf_nextscn(elf.get(), section)) != nullptr) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr) return damaged(file);
    if (header.sh_type != SHT_SYMTAB || header.sh_size == 0 || header.sh_entsize == 0) continue;
    GElf_Shdr names;
    Elf_Scn* strings = elf_getscn(elf.get(), header.sh_link);
    if (strings == nullptr || gelf_getshdr(strings, &names) == nullptr) return damaged(file);
    if (header.sh_size > kMaximumTableSize || names.sh_size > kMaximumTableSize) {
      return fail_at({.file = file.name()}, Code::bad_input,
                     "the symbol table is larger than any kernel's");
    }
    Elf_Data* data = elf_getdata(section, nullptr);
    if (data == nullptr) return damaged(file);
    auto found = look_in(elf.get(), data, header.sh_link, header.sh_size / header.sh_entsize, name);
    if (found) return found;
  }
  return std::nullopt;
}

}  // namespace trxkit::kernel
