// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A file copied with some of its bytes replaced, in one pass: the target may be a pipe.
#pragma once

#include <vector>

#include "lib/system/file.h"

namespace trxkit {

/// Bytes that replace those at `offset` (from the start of the file).
struct Patch {
  std::uint64_t offset = 0;
  std::vector<std::byte> bytes;
};

/// Appends all of `input` to `output`, changed by `patches`, which lie inside it.
Status copy_patched(const InputFile& input, const std::vector<Patch>& patches, OutputFile& output);

}  // namespace trxkit
