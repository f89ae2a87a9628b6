// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Whether a kernel can run on a board in a role, as far as the host can tell.
#pragma once

#include "lib/board/board.h"
#include "lib/core/finding.h"
#include "lib/kernel/elf.h"

namespace trxkit::kernel {

enum class Role : std::uint8_t {
  flash,  ///< started by the boot loader from flash; starts others with kexec
  stick,  ///< started by kexec; carries its initramfs and command line
};

/// Findings ELF0xx. `elf` belongs to `file`.
Result<Findings> check_kernel(const InputFile& file, const KernelElf& elf,
                              const board::Board& board, Role role);

}  // namespace trxkit::kernel
