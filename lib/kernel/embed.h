// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Puts an initramfs and a command line into a finished kernel ELF, without the kernel's sources.
#pragma once

#include <string>

#include "lib/kernel/elf.h"

namespace trxkit::kernel {

struct EmbedRequest {
  std::string command_line;    ///< without rd_start and rd_size, which are added
  std::uint64_t ram_size = 0;  ///< bytes: everything must end below
};

struct EmbedResult {
  std::string way;                      ///< how it was done, for the report
  std::uint64_t initramfs_address = 0;  ///< KSEG0
  std::uint64_t initramfs_size = 0;     ///< bytes
  std::string command_line;             ///< complete
};

/// Writes `kernel` with `initramfs` (a cpio, compressed as the kernel can read it) as one more
/// PT_LOAD above _end and the command line in arcs_cmdline. Errors: Code::bad_input with the cure
/// where the kernel has no symbols; Code::does_not_fit for a command line or RAM that is too
/// small.
Result<EmbedResult> embed_initramfs(const InputFile& kernel, const KernelElf& elf,
                                    const InputFile& initramfs, const EmbedRequest& request,
                                    OutputFile& output);

}  // namespace trxkit::kernel
