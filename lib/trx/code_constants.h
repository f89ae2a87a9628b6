// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Constants that MIPS code puts together from two instructions: what a loader without symbols
// compares with and where it reads. It follows registers down the code, not its jumps, which is
// enough for a compiler's pairs of instructions.
#pragma once

#include <cstdint>
#include <vector>

#include "lib/core/bytes.h"

namespace trxkit::trx {

/// Every value of lui alone and with the ori, addiu, load or store behind it that uses the same
/// register, ascending, each once. `code`: little endian, from an instruction on.
std::vector<std::uint32_t> code_constants(Bytes code);

}  // namespace trxkit::trx
