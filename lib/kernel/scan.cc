// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/scan.h"

#include <algorithm>

namespace trxkit::kernel {
namespace {

constexpr std::uint64_t kBlock = 256 * 1024;

}  // namespace

std::vector<FileRange> loaded_ranges(const KernelElf& elf) {
  std::vector<FileRange> ranges;
  for (const Segment& segment : elf.loads()) {
    if (segment.file_size != 0) ranges.push_back({segment.offset, segment.file_size});
  }
  std::ranges::sort(ranges, {}, &FileRange::offset);
  std::vector<FileRange> joined;
  for (const FileRange& range : ranges) {
    if (joined.empty() || joined.back().offset + joined.back().size < range.offset) {
      joined.push_back(range);
      continue;
    }
    FileRange& last = joined.back();
    last.size = std::max(last.offset + last.size, range.offset + range.size) - last.offset;
  }
  return joined;
}

Result<bool> find_text(const InputFile& file, const KernelElf& elf, std::string_view pattern,
                       const std::function<Result<bool>(std::uint64_t offset)>& found) {
  for (const FileRange& range : loaded_ranges(elf)) {
    // Blocks overlap by all but one byte of the pattern: a match across two is seen once.
    std::uint64_t step = kBlock - (pattern.size() - 1);
    for (std::uint64_t at = 0; at < range.size; at += step) {
      auto block = TRY(file.bytes_at(range.offset + at, std::min(kBlock, range.size - at)));
      std::string_view text = as_text(block);
      for (std::size_t hit = text.find(pattern); hit != std::string_view::npos;
           hit = text.find(pattern, hit + 1)) {
        if (TRY(found(range.offset + at + hit))) return true;
      }
      if (range.size - at <= kBlock) break;
    }
  }
  return false;
}

Result<bool> contains_text(const InputFile& file, const KernelElf& elf, std::string_view pattern) {
  return find_text(file, elf, pattern, [](std::uint64_t) -> Result<bool> { return true; });
}

}  // namespace trxkit::kernel
