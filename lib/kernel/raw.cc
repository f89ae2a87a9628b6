// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/raw.h"

#include <algorithm>
#include <array>

namespace trxkit::kernel {
namespace {

constexpr std::uint64_t kMaximumSize = 256 << 20;

/// PT_LOADs with bytes in the file, by physical address.
std::vector<Segment> filled_loads(const KernelElf& elf) {
  auto list = elf.loads_by_address();
  std::erase_if(list, [](const Segment& segment) { return segment.file_size == 0; });
  return list;
}

Status deliver_zeros(std::uint64_t count, const std::function<Status(Bytes)>& sink) {
  static constexpr std::array<std::byte, 4096> kZeros{};
  while (count > 0) {
    std::uint64_t piece = std::min<std::uint64_t>(count, kZeros.size());
    TRY(sink(Bytes(kZeros).first(piece)));
    count -= piece;
  }
  return {};
}

}  // namespace

std::uint64_t raw_size(const KernelElf& elf) {
  auto list = filled_loads(elf);
  if (list.empty()) return 0;
  std::uint64_t size = 0;
  for (const Segment& segment : list) {
    std::uint64_t start = segment.physical_address - list.front().physical_address;
    size = std::max(size, checked_add(start, segment.file_size).value_or(~std::uint64_t{0}));
  }
  return size;
}

Status write_raw(const InputFile& file, const KernelElf& elf,
                 const std::function<Status(Bytes)>& sink) {
  auto list = filled_loads(elf);
  if (list.empty()) {
    return fail_at({.file = elf.name}, Code::bad_input, "has nothing to load (no PT_LOAD)");
  }
  if (raw_size(elf) > kMaximumSize) {
    return advise(fail_at({.file = elf.name, .offset = list.back().header_offset}, Code::bad_input,
                          "spans {:#x} bytes from {:#x} on, more than any kernel", raw_size(elf),
                          list.front().physical_address),
                  "a stray segment lies far from the others; look at readelf -l");
  }
  std::uint64_t start = list.front().physical_address;
  std::uint64_t position = 0;
  for (const Segment& segment : list) {
    std::uint64_t target = segment.physical_address - start;
    if (target < position) {
      return fail_at({.file = elf.name, .offset = segment.header_offset}, Code::bad_input,
                     "the segment at {:#x} overlaps the one before it", segment.physical_address);
    }
    TRY(deliver_zeros(target - position, sink));
    TRY(file.for_each_block(segment.offset, segment.file_size, sink));
    position = target + segment.file_size;
  }
  return {};
}

}  // namespace trxkit::kernel
