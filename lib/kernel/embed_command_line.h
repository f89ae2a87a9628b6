// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A command line in a finished kernel ELF, where a boot loader would put one: behind kexec none
// does. It never overwrites another line, and never guesses where one lies.
#pragma once

#include <string>

#include "lib/core/finding.h"
#include "lib/kernel/elf.h"
#include "lib/system/patched_copy.h"

namespace trxkit::kernel {

/// The change of `kernel` that puts `text` into its arcs_cmdline (linux arch/mips/kernel/setup.c).
/// Errors: Code::bad_input where it carries a line or other data there already, or nothing tells
/// where that is; Code::does_not_fit for a text that is too long.
Result<Patch> plan_command_line(const InputFile& kernel, const KernelElf& elf,
                                const std::string& text);

struct KexecKernelRequest {
  std::string command_line;  ///< to be put in
  /// Where the kernel's own line cannot be changed: leave it, with a finding, instead of refusing.
  bool keep_command_line = false;
};

/// Writes what kexec loads of `kernel`, with the command line inside, and leaves out symbols and
/// sections, which nobody on the router reads. Findings: ELF061. Errors: those of
/// plan_command_line().
Result<Findings> write_kexec_kernel(const InputFile& kernel, const KernelElf& elf,
                                    const KexecKernelRequest& request, OutputFile& output);

}  // namespace trxkit::kernel
