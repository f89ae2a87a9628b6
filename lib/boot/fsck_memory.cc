// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/fsck_memory.h"

#include "lib/core/units.h"

namespace trxkit::boot {

void judge_fsck_memory(const std::string& label, std::uint64_t size, std::uint64_t ram,
                       std::uint64_t swap, Findings& findings) {
  constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;
  constexpr std::uint64_t kPerGiB = std::uint64_t{1} << 20;
  std::uint64_t needed = (size / kGiB + (size % kGiB == 0 ? 0 : 1)) * kPerGiB;
  std::uint64_t memory = ram + swap;
  if (needed <= memory) return;
  findings.add("STK001", {},
               fmt::format("{} has {}: its check takes about {} of memory, and the router has {} "
                           "(RAM {}, swap {})",
                           label, human_size(size), human_size(needed), human_size(memory),
                           human_size(ram), human_size(swap)),
               fmt::format("give the stick {} of swap, or make the file system smaller",
                           human_size(needed - ram)));
}

}  // namespace trxkit::boot
