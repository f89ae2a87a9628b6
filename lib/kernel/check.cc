// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/check.h"

#include "lib/kernel/check_parts.h"
#include "lib/kernel/elf_wire.h"

namespace trxkit::kernel {

board::Board behind_loader(board::Board board) {
  if (board.loader.use) board.boot_loader.base.value = 0;
  return board;
}

bool worth_reading(const KernelElf& elf) {
  constexpr std::size_t kMostSegments = 64;
  std::size_t segments = elf.loads().size();
  return elf.elf_class == wire::kClass32 && elf.data == wire::kLittleEndian &&
         elf.machine == wire::kMachineMips && segments > 0 && segments <= kMostSegments;
}

Findings check_facts(const KernelElf& elf, const KernelFacts& facts, const board::Board& board,
                     Role role, const Surroundings& surroundings) {
  Subject subject{elf, facts, board, role, surroundings};
  Findings findings = check_origin(subject);
  if (facts.self_extracting) return findings;
  findings.append(check_config(subject));
  if (role == Role::stick || subject.second_stage()) findings.append(check_initramfs(subject));
  findings.append(check_command_line(subject));
  return findings;
}

Result<Findings> check_kernel(const InputFile& file, const KernelElf& elf,
                              const board::Board& board, Role role,
                              const Surroundings& surroundings) {
  Findings findings = check_layout(elf, board, role);
  if (!worth_reading(elf)) return findings;
  KernelFacts facts = TRY(read_facts(file, elf, board.kernel.machine));
  findings.append(check_facts(elf, facts, board, role, surroundings));
  return findings;
}

}  // namespace trxkit::kernel
