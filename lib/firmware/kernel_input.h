// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A kernel as people have it: an ELF file, a raw binary, or either of them packed by gzip or LZMA;
// recognised by content. Whether it can run is judged, but nothing is guessed about what a raw
// binary does not say.
#pragma once

#include <memory>
#include <optional>

#include "lib/board/board.h"
#include "lib/core/finding.h"
#include "lib/kernel/check.h"
#include "lib/trx/payload.h"

namespace trxkit::firmware {

struct KernelInput {
  const InputFile* file = nullptr;       ///< as the user named it
  std::optional<trx::Payload> packed;    ///< what `file` is, where it is packed: complete and right
  std::unique_ptr<InputFile> unpacked;   ///< what came out, in a scratch folder
  std::optional<kernel::KernelElf> elf;  ///< of contents(); nothing for a raw binary

  /// The ELF file or raw binary itself.
  const InputFile& contents() const { return unpacked ? *unpacked : *file; }
  /// Bytes of the raw binary.
  std::uint64_t raw_size() const;
  /// Delivers the raw binary. Errors: those of kernel::write_raw() and reading.
  Status write_raw(const trx::Sink& sink) const;
};

/// Recognises `file`, which has to outlive the result; what is packed gets unpacked into `folder`.
/// Errors: Code::bad_input for what is no kernel (PAY042 for a packed file that is damaged or holds
/// none, PAY043 for a raw file that does not start with code), Code::io.
Result<KernelInput> read_kernel_input(const InputFile& file, const std::filesystem::path& folder,
                                      const Env& env);

/// Findings for a start from flash: those of kernel::check_kernel(), PAY040 without an ELF file,
/// PAY010 for bytes behind a packed kernel, and without a loader PAY013 where the boot loader
/// starts part 1 elsewhere. With one the boot loader's own place is free once the kernel is
/// unpacked. `surroundings`: what is known of its root.
Result<Findings> judge_kernel_input(const KernelInput& kernel, const board::Board& board,
                                    bool with_loader,
                                    const kernel::Surroundings& surroundings = {});

}  // namespace trxkit::firmware
