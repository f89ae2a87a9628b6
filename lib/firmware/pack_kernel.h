// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A kernel made ready for what starts it: its raw binary compressed, unpacked again and compared;
// or used as it is where it comes packed in the right way. What starts it is the boot loader
// itself, trxkit's loader, which goes into the same part, or a loader of others, which is a part of
// its own.
#pragma once

#include <filesystem>
#include <optional>

#include "lib/board/board.h"
#include "lib/core/finding.h"
#include "lib/firmware/kernel_input.h"
#include "lib/firmware/loader.h"

namespace trxkit::firmware {

/// A kernel as it will lie in its part.
struct PackedKernel {
  std::optional<InputFile> file;  ///< in a scratch folder; nothing: the user's own is used as it is
  std::uint64_t size = 0;         ///< bytes of it that go into the part
  trx::Payload payload;           ///< what is in it
  std::uint64_t raw_size = 0;     ///< bytes of the raw binary
  Findings findings;              ///< PAY041
};

/// Packs one kernel into files of `folder`. Errors: Code::io; Code::does_not_fit where the RAM
/// has no room for the loader; Code::bad_input where unpacking does not give the same bytes back.
class KernelPacker {
 public:
  KernelPacker(const KernelInput& kernel, const board::Board& board, std::filesystem::path folder,
               const Env& env)
      : kernel_(kernel), board_(board), folder_(std::move(folder)), env_(env) {}

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
  /// The kernel as it came, where that is packed and `obstacle` is empty; else compressed.
  Result<PackedKernel> pack(const std::string& obstacle, board::Compression compression,
                            const board::LzmaParameters& lzma);
  Result<PackedKernel> keep();
  /// Delivers the raw binary and takes down what it is.
  Status read_raw(const trx::Sink& sink);
  Result<InputFile> compress(board::Compression compression, const board::LzmaParameters& lzma);
  Result<PackedKernel> describe(std::optional<InputFile> file, std::uint64_t size) const;
  LoadedKernel loaded() const;

  const KernelInput& kernel_;
  const board::Board& board_;
  std::filesystem::path folder_;
  const Env& env_;
  Raw raw_;
  trx::KernelText text_;
};

}  // namespace trxkit::firmware
