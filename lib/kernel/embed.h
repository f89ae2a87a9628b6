// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Puts an initramfs and a command line into a finished kernel ELF, without the kernel's sources.
// BCM47xx kernels ignore what kexec passes: both have to be inside. It never guesses where the
// command line lies: without symbols it refuses.
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
  std::string command_line;             ///< what arcs_cmdline holds
  KernelElf elf;                        ///< the headers as written, for check_layout()
};

/// Writes `kernel` with `initramfs` (a cpio, compressed as the kernel can read it) as one more
/// PT_LOAD above _end and the command line in arcs_cmdline. Bytes are only appended to `output`.
/// Errors: Code::bad_input with the cure where the kernel has no symbols, already carries an
/// initramfs, cannot unpack this one or would ignore the command line; Code::does_not_fit for a
/// command line or RAM that is too small.
Result<EmbedResult> embed_initramfs(const InputFile& kernel, const KernelElf& elf,
                                    const InputFile& initramfs, const EmbedRequest& request,
                                    OutputFile& output);

}  // namespace trxkit::kernel
