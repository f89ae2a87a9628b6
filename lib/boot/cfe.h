// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The CFE way: a stick kernel started from RAM by the boot loader itself, over TFTP. Only commands
// for people to type; nothing here makes anything that could be written over a boot loader.
#pragma once

#include <string>
#include <vector>

#include "lib/board/board.h"
#include "lib/boot/kernel_check.h"

namespace trxkit::boot {

struct CfeCommand {
  std::string text;     ///< as typed at the prompt "CFE>"
  std::string purpose;  ///< for people
};

struct CfePlan {
  std::uint64_t load_start =
      0;  ///< first and last address (KSEG0) that loading writes, bss included
  std::uint64_t load_end = 0;
  std::string router;  ///< IP address of CFE, and of the TFTP server beside it
  std::string server;
  std::string file;  ///< as the server has to call it
  std::vector<CfeCommand> commands;
};

/// How the boot loader of `board` starts the kernel that `checked` is the check of; `path` is its
/// file. What stands against it is added to the findings of `checked`: ELF016 where it would
/// overwrite the boot loader, STK061 without an initramfs, STK062 where a TFTP stream cannot be
/// loaded (read in order only), and STK060. The plan holds commands only where no finding is an
/// error, and nothing where the file is no ELF file.
CfePlan plan_cfe(const board::Board& board, const std::string& path, KernelCheckResult& checked);

}  // namespace trxkit::boot
