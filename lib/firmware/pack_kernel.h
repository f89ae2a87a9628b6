// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A kernel ELF made ready for what starts it: judged, turned into its raw binary, compressed,
// unpacked again and compared. What starts it is the boot loader itself, trxkit's loader, which
// goes into the same part, or a loader of others, which is a part of its own.
#pragma once

#include <optional>

#include "lib/board/board.h"
#include "lib/core/finding.h"
#include "lib/firmware/loader.h"
#include "lib/kernel/elf.h"
#include "lib/trx/payload.h"

namespace trxkit::firmware {

/// A kernel as it will lie in its part.
struct PackedKernel {
  InputFile file;              ///< the compressed binary, in a scratch folder
  trx::Payload payload;        ///< what is in it
  std::uint64_t raw_size = 0;  ///< bytes of the raw binary
};

/// Findings on the ELF file for a start from flash: those of kernel::check_kernel(), and without a
/// loader PAY013 where the boot loader starts part 1 elsewhere. With one the boot loader's own
/// place is free once the kernel is unpacked.
Result<Findings> judge_kernel(const InputFile& file, const kernel::KernelElf& elf,
                              const board::Board& board, bool with_loader);

/// Compresses one kernel into files of `folder`. Errors: Code::io; Code::does_not_fit where the RAM
/// has no room for the loader; Code::bad_input where unpacking does not give the same bytes back.
class KernelPacker {
 public:
  KernelPacker(const InputFile& file, const kernel::KernelElf& elf, const board::Board& board,
               std::filesystem::path folder, const Env& env)
      : file_(file), elf_(elf), board_(board), folder_(std::move(folder)), env_(env) {}

  /// As the board's boot loader unpacks it.
  Result<PackedKernel> for_boot_loader();
  /// LZMA behind trxkit's loader, both in one gzip member.
  Result<PackedKernel> behind_stub(const LoaderStub& stub);
  /// LZMA of known size, lc=1 lp=2 pb=2 (OpenWrt target/linux/bcm47xx/image/Makefile).
  Result<PackedKernel> for_foreign_loader();

 private:
  /// What the raw binary is.
  struct Raw {
    std::uint64_t size = 0;
    std::uint32_t crc = 0;
    Sha256Digest hash{};
  };
  Result<InputFile> compress(const std::string& name, board::Compression compression,
                             const board::LzmaParameters& lzma);
  Result<PackedKernel> finish(InputFile file) const;

  const InputFile& file_;
  const kernel::KernelElf& elf_;
  const board::Board& board_;
  std::filesystem::path folder_;
  const Env& env_;
  Raw raw_;
  trx::KernelText text_;
};

}  // namespace trxkit::firmware
