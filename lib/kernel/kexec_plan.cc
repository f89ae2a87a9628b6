// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/kexec_plan.h"

#include <algorithm>

#include "lib/core/units.h"

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

std::uint64_t KexecPlan::memory() const {
  std::uint64_t sum = 0;
  for (const KexecSegment& segment : segments) sum += segment.memory_size;
  return sum;
}

Json describe(const KexecPlan& plan) {
  Json segments = Json::array();
  for (const KexecSegment& segment : plan.segments) {
    segments.push(Json::object({{"file_offset", segment.file_offset},
                                {"size", segment.size},
                                {"address", segment.address},
                                {"memory_size", segment.memory_size}}));
  }
  return Json::object({{"entry", plan.entry}, {"memory", plan.memory()}, {"segments", segments}});
}

std::vector<std::string> describe_lines(const KexecPlan& plan) {
  std::vector<std::string> lines;
  for (const KexecSegment& segment : plan.segments) {
    lines.push_back(fmt::format("  {:<14}{:#x}-{:#x} of the RAM, {} of them from the file",
                                lines.empty() ? "kexec loads" : "", segment.address,
                                segment.address + segment.memory_size, human_size(segment.size)));
  }
  lines.push_back(fmt::format("  {:<14}{} to load it, start at {:#x}", "kexec needs",
                              human_size(plan.memory()), plan.entry));
  return lines;
}

}  // namespace trxkit::kernel
