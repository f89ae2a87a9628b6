// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The tables of kallsyms (linux scripts/kallsyms.c) as they lie in a finished kernel, found by what
// they must look like: a table counts only where all its parts agree. It decodes no names.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "lib/kernel/elf.h"

namespace trxkit::kernel {

struct KallsymsTables {
  std::vector<std::byte> tokens;  ///< kallsyms_token_table: NUL-terminated texts
  std::array<std::uint16_t, 256>
      token_index{};             ///< where the text of each token starts in `tokens`
  std::uint32_t count = 0;       ///< kallsyms_num_syms
  std::vector<std::byte> names;  ///< kallsyms_names: length and tokens of each name
  /// The addresses of all symbols, as every layout that would make sense gives them: absolute ones
  /// or offsets from a base, before the names (up to Linux 6.3) or behind the tokens (since 6.4).
  std::vector<std::vector<std::uint32_t>> addresses;
};

/// The tables of a 32-bit little-endian kernel, or nothing where there are none that agree. Errors:
/// Code::io.
Result<std::optional<KallsymsTables>> find_kallsyms(const InputFile& file, const KernelElf& elf);

/// The length of a name in `KallsymsTables::names`.
struct NameLength {
  std::size_t tokens = 0;
  std::size_t bytes = 0;  ///< that the length itself takes: one, or two since Linux 6.1
};
/// That of the name at the start of `names`; nothing where it is zero or cut off.
std::optional<NameLength> name_length(Bytes names);

}  // namespace trxkit::kernel
