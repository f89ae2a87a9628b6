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
  flash,     ///< started by the boot loader from flash; starts others with kexec
  stick,     ///< started by kexec; carries its initramfs and command line
  fallback,  ///< started by kexec out of the flash root, which becomes its own root
};

/// What the kernel will work with, as far as the caller knows it; empty: not known.
struct Surroundings {
  std::string root_compression = {};         ///< of a squashfs root: "xz", "gzip", ...
  std::optional<bool> hard_float_root = {};  ///< whether programs of the root use the FPU
  std::string boot_filesystem = {};          ///< of the stick: "fat32", "ext4"
  std::string partition_table = {};          ///< of the stick: "mbr", "gpt", "none"
  std::string root = {};             ///< as boot entries name it: "image:...", "nbd:...", "nfs:..."
  std::string root_filesystem = {};  ///< of an image or partition: "ext4", "squashfs"
  bool swap = false;                 ///< the stick has a swap partition
  bool network = false;              ///< it looks for boot scripts in the network
  /// Whether its modules go into the initramfs.
  std::optional<bool> brings_modules = {};
  /// embed_initramfs() will put another initramfs in: whether that works is judged, not what the
  /// kernel has now.
  bool gets_initramfs = false;
  /// Of a flash kernel: its initramfs is or will be a second-stage loader, and no squashfs is there
  /// unless root_compression says so. One that holds such an initramfs is recognised without this.
  bool second_stage = false;
};

/// What the headers alone tell: kind of processor, addresses, sizes. Also for the headers that
/// embed_initramfs() returns, before anybody reads the file back. Findings ELF001-ELF018, ELF027,
/// ELF029, ELF045, ELF051.
Findings check_layout(const KernelElf& elf, const board::Board& board, Role role);

struct KernelFacts;
/// What `facts` of a kernel tell whose headers are `elf`. Findings ELF019-ELF044, ELF052-ELF054,
/// ELF080, ELF081, MOD009. A stick kernel without an initramfs passes where embed_initramfs() can
/// put one in.
Findings check_facts(const KernelElf& elf, const KernelFacts& facts, const board::Board& board,
                     Role role, const Surroundings& surroundings = {});

/// `board` with the boot loader's own place free: trxkit's loader, where the board has it, unpacks
/// a kernel over that.
board::Board behind_loader(board::Board board);

/// Whether the contents tell anything about the kernel: not those of one for another processor, or
/// with more segments than any kernel has.
bool worth_reading(const KernelElf& elf);

/// check_layout(), and check_facts() where they are worth reading. `elf` belongs to `file`. Errors:
/// Code::io; judgements are findings.
Result<Findings> check_kernel(const InputFile& file, const KernelElf& elf,
                              const board::Board& board, Role role,
                              const Surroundings& surroundings = {});

}  // namespace trxkit::kernel
