// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The raw binary that a boot loader starts at its first byte: the PT_LOADs of an ELF at their
// addresses, gaps filled with zeros (what objcopy -O binary makes).
#pragma once

#include <functional>

#include "lib/kernel/elf.h"

namespace trxkit::kernel {

/// Bytes that write_raw() will deliver.
std::uint64_t raw_size(const KernelElf& elf);

/// Delivers the raw binary piece by piece. Errors: Code::bad_input for overlapping segments, or a
/// range of more than 256 MiB (a stray segment far away).
Status write_raw(const InputFile& file, const KernelElf& elf,
                 const std::function<Status(Bytes)>& sink);

}  // namespace trxkit::kernel
