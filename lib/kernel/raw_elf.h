// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A raw kernel as an ELF file, for emulators that start nothing else: one PT_LOAD, entered at its
// first byte, as a boot loader enters it.
#pragma once

#include <cstdint>

#include "lib/system/file.h"

namespace trxkit::kernel {

/// Writes `raw`, which runs at `address` (KSEG0), to `output`. Errors: Code::does_not_fit where it
/// would not end below 4 GiB, Code::io.
Status write_raw_as_elf(const InputFile& raw, std::uint64_t address, OutputFile& output);

}  // namespace trxkit::kernel
