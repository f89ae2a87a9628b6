// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A kernel ELF made ready for the boot loader: judged, turned into its raw binary, compressed as
// the board's boot loader unpacks it, unpacked again and compared.
#pragma once

#include <optional>

#include "lib/board/board.h"
#include "lib/core/finding.h"
#include "lib/kernel/elf.h"
#include "lib/trx/payload.h"

namespace trxkit::firmware {

/// A kernel as it will lie in part 1.
struct PackedKernel {
  InputFile file;              ///< the compressed binary, in a scratch folder
  trx::Payload payload;        ///< what is in it
  std::uint64_t raw_size = 0;  ///< bytes of the raw binary
};

/// Findings on the ELF file for a start by the boot loader itself: those of kernel::check_kernel(),
/// PAY013 where the boot loader starts part 1 elsewhere.
Result<Findings> judge_kernel(const InputFile& file, const kernel::KernelElf& elf,
                              const board::Board& board);

/// Compresses the kernel into a new file of `folder`. Errors: Code::io; Code::bad_input where
/// unpacking does not give the same bytes back.
Result<PackedKernel> pack_kernel(const InputFile& file, const kernel::KernelElf& elf,
                                 const board::Board& board, const std::filesystem::path& folder,
                                 const Env& env);

}  // namespace trxkit::firmware
