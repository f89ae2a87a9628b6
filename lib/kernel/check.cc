// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/check.h"

#include <algorithm>

#include "lib/core/units.h"
#include "lib/kernel/check_config.h"
#include "lib/kernel/command_line.h"
#include "lib/kernel/initramfs.h"
#include "lib/kernel/scan.h"

namespace trxkit::kernel {
namespace {

class ContentsCheck {
 public:
  ContentsCheck(const InputFile& file, const KernelElf& elf, const board::Board& board, Role role)
      : file_(file), elf_(elf), board_(board), role_(role) {}

  Result<Findings> run() {
    TRY(check_origin());
    TRY(check_options());
    if (role_ == Role::stick) TRY(check_initramfs());
    return std::move(findings_);
  }

 private:
  void add(FindingId id, std::string message, std::string hint) {
    findings_.add(id, {.file = elf_.name}, std::move(message), std::move(hint));
  }

  Status check_origin() {
    if (TRY(find_banner(file_, elf_)).empty()) {
      add("ELF019", "says nowhere \"Linux version\": is it a Linux kernel?",
          "give the vmlinux of the kernel's build folder");
    }
    const std::string& machine = board_.kernel.machine;
    if (machine.empty() || TRY(mentions(machine))) return {};
    add("ELF020", fmt::format("does not mention {}: is it built for this machine?", machine),
        fmt::format("build the kernel for {}", board_.model));
    return {};
  }

  /// Texts spell it "bcm47xx", "Broadcom BCM47XX", "malta", "MIPS Malta".
  Result<bool> mentions(const std::string& machine) {
    std::string upper = machine;
    std::ranges::transform(upper, upper.begin(), [](char c) {
      return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    std::string capitalised = upper.substr(0, 1) + machine.substr(1);
    for (const std::string& spelling : {machine, upper, capitalised}) {
      if (TRY(contains_text(file_, elf_, spelling))) return true;
    }
    return false;
  }

  Status check_options() {
    if (auto config = TRY(read_config(file_, elf_))) {
      findings_.append(check_config(*config, elf_.name, board_, role_));
      return {};
    }
    add("ELF024", "does not carry its configuration: its options were not checked",
        "build it with CONFIG_IKCONFIG=y");
    if (role_ == Role::stick && TRY(contains_text(file_, elf_, "mtdblock"))) {
      add("ELF021", "can write the flash (it holds the mtdblock driver)",
          "build the kernel for the stick without CONFIG_MTD");
    }
    return {};
  }

  Status check_initramfs() {
    auto initramfs = TRY(find_initramfs(file_, elf_));
    if (initramfs && !initramfs->fault.empty()) {
      findings_.add("ELF028", {.file = elf_.name, .offset = initramfs->offset},
                    fmt::format("its initramfs of {} cannot be read: {}",
                                human_size(initramfs->size), initramfs->fault),
                    "pack it with gzip or xz");
      return {};
    }
    if (initramfs && initramfs->holds("init")) return check_command_line();
    auto symbol = elf_.symbols.find("arcs_cmdline");
    if (symbol && elf_.file_offset(symbol->address, symbol->size)) return {};
    add("ELF025", "holds no initramfs with /init, and without symbols none can be put in",
        "give the vmlinux of the kernel's build folder, not a stripped copy, or build the "
        "initramfs in with CONFIG_INITRAMFS_SOURCE");
    return {};
  }

  /// After kexec the RAM is full of copies of the code that the probe looks for (linux
  /// arch/mips/bcm47xx/prom.c): only mem= gives the true size.
  Status check_command_line() {
    auto text = TRY(built_in_command_line(file_, elf_));
    auto limit = parameter(text.value_or(""), "mem");
    auto size = parse_size(limit.value_or(""));
    if (!limit || !size) {
      add("ELF026", "its command line has no mem=: it may find the wrong RAM size after kexec",
          fmt::format("add mem={}M", *board_.ram_size >> 20));
    } else if (*size > *board_.ram_size) {
      add("ELF026",
          fmt::format("its command line says mem={}, but the router has {}", *limit,
                      human_size(*board_.ram_size)),
          fmt::format("say mem={}M", *board_.ram_size >> 20));
    }
    return {};
  }

  const InputFile& file_;
  const KernelElf& elf_;
  const board::Board& board_;
  Role role_;
  Findings findings_;
};

}  // namespace

Result<Findings> check_kernel(const InputFile& file, const KernelElf& elf,
                              const board::Board& board, Role role) {
  Findings findings = check_layout(elf, board, role);
  // The contents of a kernel for another processor tell nothing.
  bool readable = !findings.has("ELF001") && !findings.has("ELF002") && !findings.has("ELF003") &&
                  !findings.has("ELF007");
  if (readable) findings.append(TRY(ContentsCheck(file, elf, board, role).run()));
  return findings;
}

}  // namespace trxkit::kernel
