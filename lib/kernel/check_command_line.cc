// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The command line that a kernel brings along, against its role and its drivers.
#include "lib/core/printable.h"
#include "lib/core/units.h"
#include "lib/kernel/check_parts.h"
#include "lib/kernel/command_line.h"

namespace trxkit::kernel {
namespace {

/// The driver that a root= needs (linux Documentation/admin-guide/kernel-parameters.txt, init/
/// do_mounts.c).
struct RootDriver {
  std::string_view prefix;
  std::string_view option;
};
constexpr RootDriver kRootDrivers[] = {
    {"/dev/mtdblock", "MTD_BLOCK"},
    {"mtd:", "MTD"},
    {"31:", "MTD_BLOCK"},
    {"/dev/sd", "BLK_DEV_SD"},
    {"8:", "BLK_DEV_SD"},
    {"/dev/nfs", "ROOT_NFS"},
    {"ubi", "MTD_UBI"},
    {"/dev/mmcblk", "MMC_BLOCK"},
};

class CommandLineCheck {
 public:
  explicit CommandLineCheck(const Subject& subject)
      : subject_(subject),
        facts_(subject.facts),
        text_(subject.facts.command_line.value_or("")),
        root_(parameter(text_, "root")) {}

  Findings run() {
    if (!facts_.command_line && facts_.command_line_replaced) {
      add("ELF080", "its command line was replaced, and what it is now cannot be told",
          "put it in again with --cmdline, from the kernel as it was built");
      return std::move(findings_);
    }
    if (!facts_.command_line) {
      add("ELF035", "no command line was found in it", "build it with CONFIG_CMDLINE");
    }
    if (subject_.role == Role::stick) {
      check_stick();
    } else {
      check_root_driver();
    }
    if (subject_.role == Role::fallback) check_memory();
    return std::move(findings_);
  }

 private:
  void add(FindingId id, std::string message, std::string hint) {
    findings_.add(id, subject_.where(), printable(message), std::move(hint));
  }

  /// Without /init in an initramfs the kernel mounts root= itself.
  void check_root_driver() {
    bool has_init = facts_.initramfs && facts_.initramfs->holds("init");
    if (!root_ || !facts_.config || has_init) return;
    for (const RootDriver& driver : kRootDrivers) {
      if (!root_->starts_with(driver.prefix)) continue;
      if (facts_.config->built_in(driver.option)) return;
      add("ELF036", fmt::format("mounts root={}, but is built without {}", *root_, driver.option),
          fmt::format("build it with CONFIG_{}=y", driver.option));
      return;
    }
  }

  void check_stick() {
    const Initramfs* initramfs = facts_.initramfs ? &*facts_.initramfs : nullptr;
    bool starts = initramfs != nullptr &&
                  (initramfs->holds("init") || parameter(text_, "rdinit").has_value());
    bool embeddable = facts_.embedding.way != EmbedWay::none;
    if (root_ && (starts || embeddable)) {
      add("ELF034", fmt::format("root={} has no effect: /init of the initramfs decides", *root_),
          "the boot entry names the root");
    } else if (root_ && (root_->starts_with("/dev/mtdblock") || root_->starts_with("31:"))) {
      add("ELF033", fmt::format("would start the system in the flash again (root={})", *root_),
          "build the initramfs in, or take root= out of CONFIG_CMDLINE");
    }
    if (starts) check_memory();
  }

  /// After kexec the RAM is full of copies of the code that the probe looks for (linux
  /// arch/mips/bcm47xx/prom.c): only mem= gives the true size.
  void check_memory() {
    auto limit = parameter(text_, "mem");
    auto size = parse_size(limit.value_or(""));
    std::uint64_t ram = *subject_.board.ram_size;
    if (!limit || !size) {
      add("ELF026", "its command line has no mem=: it may find the wrong RAM size after kexec",
          fmt::format("add mem={}M", ram >> 20));
    } else if (*size > ram) {
      add("ELF026",
          fmt::format("its command line says mem={}, but the router has {}", *limit,
                      human_size(ram)),
          fmt::format("say mem={}M", ram >> 20));
    }
  }

  const Subject& subject_;
  const KernelFacts& facts_;
  std::string text_;
  std::optional<std::string> root_;
  Findings findings_;
};

}  // namespace

Findings check_command_line(const Subject& subject) {
  return CommandLineCheck(subject).run();
}

}  // namespace trxkit::kernel
