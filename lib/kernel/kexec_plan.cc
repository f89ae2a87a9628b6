// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/kexec_plan.h"

#include <algorithm>

namespace trxkit::kernel {
namespace {

constexpr std::uint64_t kPage = 4096;
/// virt_to_phys() of kexec-tools kexec/arch/mips/kexec-elf-mips.c.
constexpr std::uint64_t kPhysicalMask = 0x7fffffff;

}  // namespace

KexecPlan kexec_plan(const KernelElf& elf) {
  KexecPlan plan{.entry = elf.entry & kPhysicalMask, .segments = {}};
  for (const Segment& segment : elf.loads_by_address()) {
    plan.segments.push_back({.file_offset = segment.offset,
                             .size = std::min(segment.file_size, segment.memory_size),
                             .address = segment.physical_address & kPhysicalMask,
                             .memory_size = align_up(segment.memory_size, kPage)});
  }
  return plan;
}

}  // namespace trxkit::kernel
