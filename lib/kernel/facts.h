// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What the contents of a kernel tell about it, gathered once for checks and reports. Nothing is
// judged here.
#pragma once

#include <optional>
#include <string>

#include "lib/kernel/config.h"
#include "lib/kernel/embed.h"
#include "lib/kernel/initramfs.h"

namespace trxkit::kernel {

struct KernelFacts {
  std::string banner;    ///< "Linux version ..."; empty: none
  std::string release;   ///< as uname -r prints it; empty: no banner
  std::string vermagic;  ///< what its modules have to carry; empty: takes none, or not found
  bool self_extracting = false;    ///< arch/mips/boot/compressed: "vmlinuz"
  bool mentions_machine = false;   ///< the board's machine, or the board names none
  bool mentions_mtdblock = false;  ///< only where it carries no configuration
  std::optional<KernelConfig> config;
  bool config_damaged = false;
  std::optional<std::string> command_line;  ///< built_in_command_line()
  bool command_line_replaced = false;       ///< its configuration names another one
  std::optional<Initramfs> initramfs;
  EmbedChoice embedding;  ///< how another initramfs could be put in
};

/// Reads all of it. `machine`: as board files name it ("bcm47xx"); may be empty. Errors: Code::io.
Result<KernelFacts> read_facts(const InputFile& file, const KernelElf& elf,
                               const std::string& machine);

}  // namespace trxkit::kernel
