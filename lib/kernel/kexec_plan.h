// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What kexec-tools will hand to the running kernel for a kernel ELF: where which bytes go. It is
// told from the headers, and judges nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/core/json.h"
#include "lib/kernel/elf.h"

namespace trxkit::kernel {

/// A segment as "kexec -d -l" prints it.
struct KexecSegment {
  std::uint64_t file_offset = 0;  ///< of its bytes in the ELF
  std::uint64_t size = 0;         ///< bytes from the file ("bufsz")
  std::uint64_t address = 0;      ///< physical ("mem")
  std::uint64_t memory_size = 0;  ///< bytes, whole pages; zeros behind `size` ("memsz")
  bool operator==(const KexecSegment&) const = default;
};

struct KexecPlan {
  std::uint64_t entry = 0;             ///< physical
  std::vector<KexecSegment> segments;  ///< those of the kernel, ascending

  /// Bytes that the running kernel has to keep ready for it.
  std::uint64_t memory() const;
};

/// The plan for `elf` (kexec-tools kexec/arch/mips/kexec-elf-mips.c and kexec/kexec-elf-exec.c).
/// kexec-tools itself adds a page with the command line, at the lowest free address, and the device
/// tree.
KexecPlan kexec_plan(const KernelElf& elf);

/// {"entry": ..., "memory": ..., "segments": [...]}
Json describe(const KexecPlan& plan);

/// The same as lines for people.
std::vector<std::string> describe_lines(const KexecPlan& plan);

}  // namespace trxkit::kernel
