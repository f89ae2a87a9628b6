// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Puts an initramfs and a command line into a finished kernel ELF, without the kernel's sources.
// BCM47xx kernels ignore what kexec passes: both have to be inside. It never guesses where the
// command line lies: where the kernel does not tell, it refuses.
#pragma once

#include <string>

#include "lib/core/finding.h"
#include "lib/kernel/config.h"
#include "lib/kernel/elf.h"

namespace trxkit::kernel {

/// How an initramfs gets into a kernel.
enum class EmbedWay : std::uint8_t {
  none,     ///< not at all
  segment,  ///< as one more PT_LOAD, named by rd_start= and rd_size= in arcs_cmdline
  splice,   ///< in place of the archive that is linked in (CONFIG_INITRAMFS_SOURCE)
};

struct EmbedChoice {
  EmbedWay way = EmbedWay::none;
  std::string obstacle = {};  ///< why the way is none: "is stripped, and ..."
  std::string cure = {};      ///< and what to do about it
};

/// The way into the kernel `elf`: `segment` where its symbols, or kallsyms with
/// CONFIG_KALLSYMS_ALL, name arcs_cmdline; else `splice` where an archive is linked in that can be
/// read. `config` is that of the kernel and may be null. Errors: Code::io.
Result<EmbedChoice> choose_way(const InputFile& kernel, const KernelElf& elf,
                               const KernelConfig* config);

struct EmbedRequest {
  std::string command_line;    ///< without rd_start and rd_size, which are added where needed
  std::uint64_t ram_size = 0;  ///< bytes: everything must end below
  /// Where the kernel's own command line cannot be changed: leave it, with a finding, instead of
  /// refusing.
  bool keep_command_line = false;
};

struct EmbedResult {
  EmbedWay way = EmbedWay::none;
  std::string report;                   ///< how it was done, for people
  std::uint64_t initramfs_address = 0;  ///< KSEG0
  std::uint64_t initramfs_size = 0;     ///< bytes, packed
  /// What the initramfs adds to or replaces in the kernel's command line; complete for `splice`.
  std::string command_line;
  KernelElf elf;      ///< the headers as written, for check_layout()
  Findings findings;  ///< ELF060 to ELF062
};

/// Writes `kernel` with `initramfs` (a cpio, packed or not) and the command line inside, the way
/// that choose_way() finds. For `splice` it is packed anew where it would not fit as it is. Bytes
/// are only appended to `output`. Errors: Code::bad_input with the cure where the kernel does not
/// tell where they have to be, cannot unpack an initramfs, or would ignore or already has a command
/// line; Code::does_not_fit for a command line, an archive or RAM that is too small.
Result<EmbedResult> embed_initramfs(const InputFile& kernel, const KernelElf& elf,
                                    const InputFile& initramfs, const EmbedRequest& request,
                                    OutputFile& output);

}  // namespace trxkit::kernel
