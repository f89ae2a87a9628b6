// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/kallsyms.h"

#include <algorithm>

#include "lib/kernel/elf_wire.h"
#include "lib/kernel/kallsyms_tables.h"

namespace trxkit::kernel {
namespace {

/// A name and its type longer than any kernel's (KSYM_NAME_LEN is 512) is cut here.
constexpr std::size_t kLongestName = 1024;

/// Calls `seen` with the place and text of each name, its type in front.
void for_each_name(const KallsymsTables& tables,
                   const std::function<void(std::size_t, std::string_view)>& seen) {
  std::string_view tokens = as_text(tables.tokens);
  Bytes names = tables.names;
  std::string text;
  for (std::size_t i = 0; i < tables.count; ++i) {
    auto length = name_length(names);
    if (!length) return;
    text.clear();
    for (std::byte token : names.subspan(length->bytes, length->tokens)) {
      std::string_view rest =
          tokens.substr(tables.token_index[std::to_integer<std::size_t>(token)]);
      if (text.size() < kLongestName) text += rest.substr(0, rest.find('\0'));
    }
    seen(i, text);
    names = names.subspan(length->bytes + length->tokens);
  }
}

/// The one list of addresses by which kernel_entry is where the kernel starts, or null.
const std::vector<std::uint32_t>* proven_addresses(const KallsymsTables& tables,
                                                   std::uint64_t entry) {
  std::vector<std::size_t> entries;
  for_each_name(tables, [&](std::size_t index, std::string_view name) {
    if (!name.empty() && name.substr(1) == "kernel_entry") entries.push_back(index);
  });
  if (entries.size() != 1) return nullptr;
  const std::vector<std::uint32_t>* proven = nullptr;
  for (const auto& list : tables.addresses) {
    if (list[entries.front()] != entry) continue;
    if (proven != nullptr && *proven != list) return nullptr;
    proven = &list;
  }
  return proven;
}

}  // namespace

Result<bool> read_kallsyms(const InputFile& file, const KernelElf& elf,
                           const std::function<void(const KallsymsSymbol&)>& seen) {
  if (elf.elf_class != wire::kClass32 || elf.data != wire::kLittleEndian) return false;
  auto tables = TRY(find_kallsyms(file, elf));
  if (!tables) return false;
  const std::vector<std::uint32_t>* addresses = proven_addresses(*tables, elf.entry);
  if (addresses == nullptr) return false;
  for_each_name(*tables, [&](std::size_t index, std::string_view name) {
    if (name.empty()) return;
    std::uint32_t address = (*addresses)[index];
    auto next = std::upper_bound(addresses->begin(), addresses->end(), address);
    seen({.type = name.front(),
          .name = name.substr(1),
          .address = address,
          .size = next == addresses->end() ? 0 : std::uint64_t{*next} - address});
  });
  return true;
}

}  // namespace trxkit::kernel
