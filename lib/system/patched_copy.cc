// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/system/patched_copy.h"

#include <algorithm>

namespace trxkit {
namespace {

/// Writes the part of `patch` that falls into `block`, which starts at `start` of the file.
void apply(const Patch& patch, std::uint64_t start, MutableBytes block) {
  std::uint64_t first = std::max(patch.offset, start);
  std::uint64_t last = std::min(patch.offset + patch.bytes.size(), start + block.size());
  if (first >= last) return;
  Bytes source = Bytes(patch.bytes).subspan(first - patch.offset, last - first);
  std::ranges::copy(source, block.subspan(first - start).begin());
}

}  // namespace

Status copy_patched(const InputFile& input, const std::vector<Patch>& patches, OutputFile& output,
                    std::uint64_t size) {
  std::uint64_t position = 0;
  std::vector<std::byte> block;
  return input.for_each_block(0, std::min(size, input.size()), [&](Bytes bytes) -> Status {
    block.assign(bytes.begin(), bytes.end());
    for (const Patch& patch : patches) apply(patch, position, block);
    position += block.size();
    return output.write(block);
  });
}

}  // namespace trxkit
