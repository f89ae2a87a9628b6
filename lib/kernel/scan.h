// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Searches what a kernel loads, piece by piece and each byte of the file at most once, however its
// segments overlap.
#pragma once

#include <functional>
#include <string_view>

#include "lib/kernel/elf.h"

namespace trxkit::kernel {

/// A part of the file.
struct FileRange {
  std::uint64_t offset = 0;  ///< bytes from the start of the file
  std::uint64_t size = 0;    ///< bytes
};

/// The file parts of all PT_LOADs, ascending, overlapping and adjacent ones joined.
std::vector<FileRange> loaded_ranges(const KernelElf& elf);

/// Calls `found` with the file offset of every occurrence of `pattern` (1 to 4096 bytes) in the
/// loaded parts, ascending, until it returns true. The result says whether it did.
Result<bool> find_text(const InputFile& file, const KernelElf& elf, std::string_view pattern,
                       const std::function<Result<bool>(std::uint64_t offset)>& found);

/// Whether `pattern` occurs in the loaded parts.
Result<bool> contains_text(const InputFile& file, const KernelElf& elf, std::string_view pattern);

}  // namespace trxkit::kernel
