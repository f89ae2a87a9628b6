// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The parts of check_layout() and check_facts(), one a file: pure functions of what was read
// before.
#pragma once

#include "lib/kernel/check.h"
#include "lib/kernel/facts.h"

namespace trxkit::kernel {

/// What the checks look at.
struct Subject {
  const KernelElf& elf;
  const KernelFacts& facts;
  const board::Board& board;
  Role role = Role::stick;
  Surroundings surroundings = {};

  bool for_bcm47xx() const { return board.kernel.machine == "bcm47xx"; }
  /// A flash kernel whose initramfs has the search for sticks (templates/second-stage).
  bool second_stage() const {
    bool carries = facts.initramfs && facts.initramfs->holds("etc/usbboot/usb.sh");
    return role == Role::flash && (surroundings.second_stage || carries);
  }
  /// Its root is the squashfs in the flash.
  bool has_flash_root() const {
    if (second_stage()) return !surroundings.root_compression.empty();
    return role != Role::stick;
  }
  /// Where findings about the kernel as a whole are.
  Where where() const { return {.file = elf.name}; }
};

/// For which processor and as what kind of file it was built: ELF001-ELF006.
Findings check_identity(const KernelElf& elf);

/// Which Linux it is and what it was built for: ELF019, ELF020, ELF037-ELF041, ELF044, ELF054.
Findings check_origin(const Subject& subject);

/// The configuration that it carries: ELF021-ELF024, ELF042, ELF043, ELF053, ELF081.
Findings check_config(const Subject& subject);

/// The initramfs inside a stick kernel or a second-stage loader: ELF025, ELF028, ELF030-ELF032,
/// ELF043, ELF052, MOD009.
Findings check_initramfs(const Subject& subject);

/// The command line inside: ELF026, ELF033-ELF036, ELF080.
Findings check_command_line(const Subject& subject);

}  // namespace trxkit::kernel
