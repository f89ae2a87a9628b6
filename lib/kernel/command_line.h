// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The command line that a kernel brings along. BCM47xx kernels take none from outside, so this is
// all they will ever get.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/board/board.h"
#include "lib/kernel/config.h"
#include "lib/kernel/elf.h"

namespace trxkit::kernel {

/// The text that CONFIG_CMDLINE has put into the kernel: at the symbol builtin_cmdline, else the
/// one that the configuration inside the kernel names (`config`, may be null), else the first with
/// "console=tty" in its data. Where the configuration's is not in the kernel, embed_initramfs() or
/// another tool has replaced it: then the only text of a command line that leaves the rest of its
/// room zero. Nothing where there is none or it cannot be told.
Result<std::optional<std::string>> configured_command_line(const InputFile& file,
                                                           const KernelElf& elf,
                                                           const KernelConfig* config);

/// Whether the configuration in the kernel names a command line that is not in it any more.
/// `config` may be null.
Result<bool> command_line_was_replaced(const InputFile& file, const KernelElf& elf,
                                       const KernelConfig* config);

/// The text in arcs_cmdline, where embed_initramfs() puts its command line: empty in a kernel fresh
/// from the linker, nothing in a stripped one.
Result<std::optional<std::string>> embedded_command_line(const InputFile& file,
                                                         const KernelElf& elf);

/// Both of the above in the order in which the kernel joins them (linux arch/mips/kernel/setup.c,
/// bootcmdline_init()): what it will see when nobody passes anything.
Result<std::optional<std::string>> built_in_command_line(const InputFile& file,
                                                         const KernelElf& elf);

/// The value of the last `name=value` of a command line ("root" -> "/dev/mtdblock2"), double quotes
/// taken off, or nothing. Text behind " -- " belongs to init and is not looked at.
std::optional<std::string> parameter(std::string_view command_line, std::string_view name);

/// `wanted`, or where it is empty the board's command line, with what it lacks in front: "mem=",
/// since a kernel started by kexec measures the RAM by looking for copies of its own code, and RAM
/// is full of those (linux arch/mips/bcm47xx/prom.c; malta without its loader's memsize assumes
/// 32 MiB); and "panic=10", without which a kernel that panics waits for a hand on the router.
std::string complete_command_line(const std::string& wanted, const board::Board& board);

}  // namespace trxkit::kernel
