// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Whether a kernel can run on a board in a role, as far as the host can tell: every reason that
// the headers, the configuration and the texts inside show. Nothing is changed or repaired here.
#pragma once

#include "lib/board/board.h"
#include "lib/core/finding.h"
#include "lib/kernel/elf.h"

namespace trxkit::kernel {

enum class Role : std::uint8_t {
  flash,  ///< started by the boot loader from flash; starts others with kexec
  stick,  ///< started by kexec; carries its initramfs and command line
};

/// What the headers alone tell: kind of processor, addresses, sizes. Also for the headers that
/// embed_initramfs() returns, before anybody reads the file back. Findings ELF001-ELF018, ELF027.
Findings check_layout(const KernelElf& elf, const board::Board& board, Role role);

/// check_layout() and what the contents tell: banner, machine, configuration, initramfs, command
/// line. Findings ELF0xx. `elf` belongs to `file`. A stick kernel without an initramfs passes where
/// embed_initramfs() can put one in. Errors: Code::io; judgements are findings.
Result<Findings> check_kernel(const InputFile& file, const KernelElf& elf,
                              const board::Board& board, Role role);

}  // namespace trxkit::kernel
