// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Programs of a router that say which floating point unit they need, and the other side: kernels
// that carry their configuration.
#pragma once

#include <string>

#include "tests/unit/kernel_fixture.h"

namespace trxkit::test {

/// FP ABIs in byte 7 of .MIPS.abiflags (binutils include/elf/mips.h).
inline constexpr char kDoublesInRegisters = 1;
inline constexpr char kSoftFloat = 3;

/// A program whose .MIPS.abiflags name `fp_abi`. They lie within its first bytes, where linkers put
/// them.
inline std::string program_with(char fp_abi) {
  KernelFixture program;
  program.segments = {{.type = 0x70000003, .address = 0x400100, .contents = std::string(24, '\0')}};
  std::string bytes = program.bytes();
  bytes.replace(52 + 4, 2, std::string("\x00\x02", 2));
  bytes.replace(0x200, 8, std::string(7, '\0') + fp_abi);
  return bytes;
}

/// Puts a configuration, packed with gzip, where sound_kernel() has room for it (IKCONFIG).
inline void carry_config(KernelFixture& kernel, const std::string& packed) {
  std::string carried = "IKCFG_ST" + packed + "IKCFG_ED";
  kernel.segments[1].contents.replace(0x500, carried.size(), carried);
}

}  // namespace trxkit::test
