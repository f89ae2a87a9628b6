// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Recognises kernels that unpack themselves (linux arch/mips/boot/compressed, "vmlinuz"). They are
// not looked into any further.
#pragma once

#include "lib/kernel/elf.h"

namespace trxkit::kernel {

/// Whether most of what `elf` loads is one packed stream that holds a Linux banner; for kinds of
/// packing that unpack() does not know, whether it is one packed stream. Asked only of a file that
/// shows no banner itself. Errors: Code::io.
Result<bool> is_self_extracting(const InputFile& file, const KernelElf& elf);

}  // namespace trxkit::kernel
