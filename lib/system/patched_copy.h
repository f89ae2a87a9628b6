// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A file copied with some of its bytes replaced, in one pass: the target may be a pipe.
#pragma once

#include <limits>
#include <vector>

#include "lib/system/file.h"

namespace trxkit {

/// Bytes that replace those at `offset` (from the start of the file).
struct Patch {
  std::uint64_t offset = 0;
  std::vector<std::byte> bytes;
};

/// Appends the first `size` bytes of `input`, or all of it where it is shorter, to `output`,
/// changed by `patches`, which lie inside that.
Status copy_patched(const InputFile& input, const std::vector<Patch>& patches, OutputFile& output,
                    std::uint64_t size = std::numeric_limits<std::uint64_t>::max());

}  // namespace trxkit
