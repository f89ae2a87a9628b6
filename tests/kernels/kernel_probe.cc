// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// lib/kernel on real kernels, one function a verb, for the tests beside it: what they say about the
// result comes from other programs (nm, readelf, kexec, QEMU).
#include <iostream>
#include <string>
#include <vector>

#include "lib/board/board.h"
#include "lib/core/json.h"
#include "lib/kernel/check.h"
#include "lib/kernel/embed.h"
#include "lib/kernel/kallsyms.h"
#include "lib/kernel/kexec_plan.h"

namespace trxkit::kernel {
namespace {

Status print_kallsyms(const InputFile& file, const KernelElf& elf) {
  bool found = TRY(read_kallsyms(file, elf, [](const KallsymsSymbol& symbol) {
    std::cout << fmt::format("{:08x} {} {}\n", symbol.address, symbol.type, symbol.name);
  }));
  if (found) return {};
  return fail_at({.file = elf.name}, Code::bad_input, "has no kallsyms");
}

Status print_plan(const KernelElf& elf) {
  KexecPlan plan = kexec_plan(elf);
  std::cout << fmt::format("entry {:#x}\n", plan.entry);
  for (const KexecSegment& segment : plan.segments) {
    std::cout << fmt::format("segment {:#x} {:#x} {:#x}\n", segment.size, segment.address,
                             segment.memory_size);
  }
  return {};
}

Status print_check(const InputFile& file, const KernelElf& elf, const std::string& board,
                   const Env& env) {
  board::Board known = TRY(board::load_board(board, env));
  Findings findings = TRY(check_kernel(file, elf, known, Role::stick));
  for (const Finding& finding : findings.list()) {
    std::cout << fmt::format("{} {} {}\n", finding.code, name_of(finding.severity),
                             finding.message);
  }
  return {};
}

/// embed KERNEL INITRAMFS OUTPUT BOARD COMMAND-LINE
Status embed(const std::vector<std::string>& words, const InputFile& file, const KernelElf& elf,
             const Env& env) {
  InputFile initramfs = TRY(InputFile::open(words.at(2), env));
  OutputFile output = TRY(OutputFile::create(words.at(3)));
  board::Board board = TRY(board::load_board(words.at(4), env));
  EmbedRequest request{.command_line = words.at(5), .ram_size = *board.ram_size};
  EmbedResult result = TRY(embed_initramfs(file, elf, initramfs, request, output));
  TRY(output.commit());
  std::cout << fmt::format("how {}\nsize {}\nline {}\n", result.report, result.initramfs_size,
                           result.command_line);
  return {};
}

Status run(const std::vector<std::string>& words, const Env& env) {
  InputFile file = TRY(InputFile::open(words.at(1), env));
  KernelElf elf = TRY(read_kernel(file));
  if (words[0] == "kallsyms") return print_kallsyms(file, elf);
  if (words[0] == "plan") return print_plan(elf);
  if (words[0] == "check") return print_check(file, elf, words.at(2), env);
  if (words[0] == "embed") return embed(words, file, elf, env);
  return fail(Code::usage, "no verb {}", words[0]);
}

}  // namespace
}  // namespace trxkit::kernel

int main(int argc, char** argv) {
  auto status = trxkit::kernel::run({argv + 1, argv + argc}, trxkit::Env::system());
  if (status) return 0;
  std::cerr << status.error().what << "\nhint: " << status.error().hint << "\n";
  return 1;
}
