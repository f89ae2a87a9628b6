// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Which Linux a kernel is, whether that one can do its part of the boot chain, and whether it was
// built for the machine.
#include <algorithm>

#include "lib/core/printable.h"
#include "lib/kernel/check_parts.h"
#include "lib/kernel/version.h"

namespace trxkit::kernel {
namespace {

/// The kernel option of a machine as board files name it.
struct Machine {
  std::string_view name;
  std::string_view option;
};
constexpr Machine kMachines[] = {{"bcm47xx", "BCM47XX"}, {"malta", "MIPS_MALTA"}};

class OriginCheck {
 public:
  explicit OriginCheck(const Subject& subject)
      : subject_(subject), facts_(subject.facts), version_(version_of(subject.facts.release)) {}

  Findings run() {
    if (facts_.self_extracting) {
      add("ELF044",
          "is a self-extracting kernel (vmlinuz): what is in it cannot be checked, and no "
          "initramfs can be put in",
          "give the vmlinux of the kernel's build folder, from which it was made");
      return std::move(findings_);
    }
    if (!subject_.elf.symbols.fault.empty()) {
      add("ELF054", "its symbol table cannot be read: " + subject_.elf.symbols.fault,
          "give the vmlinux as the linker left it");
    }
    if (facts_.banner.empty()) {
      add("ELF019", "says nowhere \"Linux version\": is it a Linux kernel?",
          "give the vmlinux of the kernel's build folder");
    }
    check_machine();
    if (!version_) return std::move(findings_);
    if (subject_.role == Role::flash) check_starting();
    if (subject_.for_bcm47xx()) check_bcm47xx();
    return std::move(findings_);
  }

 private:
  void add(FindingId id, std::string message, std::string hint) {
    findings_.add(id, subject_.where(), printable(message), std::move(hint));
  }

  void check_machine() {
    const std::string& machine = subject_.board.kernel.machine;
    auto known = std::ranges::find(kMachines, machine, &Machine::name);
    std::string cure = fmt::format("build the kernel for {}", subject_.board.model);
    if (facts_.config && known != std::end(kMachines)) {
      if (facts_.config->built_in(known->option)) return;
      add("ELF020", fmt::format("is built for another machine ({} is off)", known->option), cure);
    } else if (!facts_.mentions_machine) {
      add("ELF020", fmt::format("does not mention {}: is it built for this machine?", machine),
          cure);
    }
  }

  /// kexec-tools from 2.0.2 on hand over a physical entry address. Linux 3.4 jumps to it as it is,
  /// Linux 3.10 converts it (arch/mips/kernel/machine_kexec.c); the releases between were not seen.
  void check_starting() {
    constexpr KernelVersion kLastThatCannot{3, 4}, kFirstThatCan{3, 10};
    if (*version_ >= kFirstThatCan) return;
    if (*version_ <= kLastThatCannot) {
      add("ELF038",
          fmt::format("is Linux {}, whose kexec jumps to the physical address of the next kernel",
                      facts_.release),
          "use Linux 3.10 or later in the flash");
    } else {
      add("ELF039",
          fmt::format("is Linux {}: whether its kexec can start another kernel is not known",
                      facts_.release),
          "Linux 3.10 can, 3.4 cannot");
    }
  }

  void check_bcm47xx() {
    constexpr KernelVersion kFirstWithoutCfe{3, 13}, kFirstUntested{6, 6};
    bool patched = is_openwrt(facts_.banner);
    if (subject_.role != Role::flash && *version_ < kFirstWithoutCfe && !patched) {
      add("ELF037",
          fmt::format("is Linux {}, which waits for ever when CFE has not started it",
                      facts_.release),
          "use Linux 3.13 or later, or OpenWrt's kernel, which goes on");
    }
    if (*version_ >= kFirstUntested) {
      add("ELF040",
          fmt::format("is Linux {}: a BCM4718 crashed with 6.6 (machine check)", facts_.release),
          "start it from a stick first; put it into the flash when it has run for days");
    }
    if (!patched && has_74k()) {
      add("ELF041", "is not OpenWrt's, whose patches mend faults of the MIPS 74K's caches",
          "OpenWrt target/linux/bcm47xx/patches-*: cpu_fixes, kmap_coherent");
    }
  }

  bool has_74k() const {
    return std::ranges::any_of(subject_.board.facts, [](const board::FactText& fact) {
      return fact.key == "cpu.model" && fact.text.contains("74K");
    });
  }

  const Subject& subject_;
  const KernelFacts& facts_;
  std::optional<KernelVersion> version_;
  Findings findings_;
};

}  // namespace

Findings check_origin(const Subject& subject) {
  return OriginCheck(subject).run();
}

}  // namespace trxkit::kernel
