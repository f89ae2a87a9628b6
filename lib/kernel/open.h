// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A kernel as people have it: the ELF file, or that file compressed. Everything else is refused by
// name.
#pragma once

#include <optional>

#include "lib/kernel/elf.h"

namespace trxkit::kernel {

struct OpenedKernel {
  InputFile given;                         ///< as the user named it
  std::optional<InputFile> unpacked = {};  ///< the ELF file, where `given` is compressed
  std::string compression = {};            ///< of `given`: "gzip"; empty: none
  KernelElf elf = {};

  const InputFile& file() const { return unpacked ? *unpacked : given; }
};

/// Opens the kernel `path` ("-": standard input), unpacking it into a temporary file where it is
/// compressed with gzip, xz, LZMA, bzip2 or zstd. `name`: what messages call it; empty: `path`.
/// Errors: Code::io; Code::bad_input, with ELF049 where it cannot be unpacked (damaged, more than
/// 256 MiB), else those of read_kernel().
Result<OpenedKernel> open_kernel(const std::string& path, const Env& env,
                                 const std::string& name = {});

/// The findings of open_kernel() and read_kernel(): that a file is no whole kernel is what somebody
/// who has it checked wants to know. Nothing where `error` is no finding.
Findings findings_of(const Error& error);

/// Note ELF050 where the kernel had to be unpacked.
Findings check_packing(const OpenedKernel& kernel);

}  // namespace trxkit::kernel
