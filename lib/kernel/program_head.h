// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What the first bytes of a program tell: for which processor it is, what it needs to start,
// whether it uses the floating point unit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lib/core/bytes.h"

namespace trxkit::kernel {

struct ProgramHead {
  std::uint8_t elf_class = 0;
  std::uint8_t data = 0;
  std::uint16_t machine = 0;
  std::uint32_t flags = 0;
  std::string interpreter = {};  ///< PT_INTERP: "/lib/ld.so.1"; empty: static
  /// By .MIPS.abiflags (MIPS ABI "FP ABI"): whether floating point registers are used; nothing
  /// where the head does not tell.
  std::optional<bool> hard_float = {};

  /// Whether a 32-bit little-endian MIPS processor before release 6 runs it.
  bool for_mipsel() const;
};

/// Bytes of a program that read_program_head() wants.
inline constexpr std::size_t kProgramHeadSize = 1024;

/// Reads the `head` of a file, or nothing where it is no ELF file. What lies behind the head is
/// left empty.
std::optional<ProgramHead> read_program_head(Bytes head);

}  // namespace trxkit::kernel
