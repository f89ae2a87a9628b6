// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What the configuration of a kernel has to say for its role.
#include <algorithm>

#include "lib/core/printable.h"
#include "lib/kernel/config_needs.h"

namespace trxkit::kernel {
namespace {

/// The option of a squashfs decompressor (linux fs/squashfs/Kconfig), empty for what no kernel has.
std::string_view squashfs_option(std::string_view compression) {
  if (compression.empty() || compression == "xz") return "SQUASHFS_XZ";  // what mkflashroot writes
  if (compression == "gzip") return "SQUASHFS_ZLIB";
  if (compression == "lzo") return "SQUASHFS_LZO";
  if (compression == "lz4") return "SQUASHFS_LZ4";
  if (compression == "zstd") return "SQUASHFS_ZSTD";
  return {};
}

/// The option of a character set (linux fs/nls/Kconfig): "iso8859-1" is NLS_ISO8859_1.
std::string character_set_option(std::string_view name) {
  std::string option = "NLS_";
  for (char c : name) {
    option.push_back(c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  }
  return option;
}

bool is_met(const KernelConfig& config, std::string_view option, Need need) {
  switch (need) {
    case Need::built_in:
      return config.built_in(option);
    case Need::available:
      return config.enabled(option);
    case Need::not_off:
      const std::string* value = config.find(option);
      return value == nullptr || *value != "n";
  }
  return false;
}

/// Whether modules go along with the kernel; nothing where that is not known.
std::optional<bool> brings_modules(const Subject& subject) {
  const auto& initramfs = subject.facts.initramfs;
  if (subject.surroundings.brings_modules || !initramfs || !initramfs->holds("init")) {
    return subject.surroundings.brings_modules;
  }
  return std::ranges::any_of(initramfs->entries,
                             [](const CpioEntry& entry) { return entry.name.ends_with(".ko"); });
}

class ConfigCheck {
 public:
  ConfigCheck(const Subject& subject, const KernelConfig& config)
      : subject_(subject),
        around_(subject.surroundings),
        config_(config),
        brings_modules_(brings_modules(subject)) {}

  Findings run() {
    for (const Requirement& requirement : config_needs(subject_)) require(requirement);
    if (subject_.has_flash_root() || around_.root_filesystem == "squashfs") require_squashfs();
    if (subject_.role == Role::stick) refuse_flash_writers();
    if (subject_.role != Role::fallback) require_character_sets();
    require_floating_point();
    miss_modules();
    return std::move(findings_);
  }

 private:
  void add(FindingId id, std::string message, std::string hint) {
    findings_.add(id, subject_.where(), printable(message), std::move(hint));
  }

  void require(const Requirement& requirement) {
    std::string_view option = requirement.option;
    if (!requirement.instead.empty() && config_.enabled(requirement.instead)) return;
    if (is_met(config_, option, requirement.need)) return require_module(option);
    FindingId id = requirement.need == Need::built_in ? FindingId("ELF022") : FindingId("ELF023");
    add(id, fmt::format("is built without {}: {}", option, requirement.purpose),
        fmt::format("build it with CONFIG_{}=y", option));
  }

  void require_module(std::string_view option) {
    const std::string* value = config_.find(option);
    if (value != nullptr && *value == "m") modules_.emplace_back(option);
  }

  bool gets_modules_from_initramfs() const {
    return subject_.role == Role::stick || subject_.second_stage();
  }

  /// Then nowhere else from.
  void miss_modules() {
    if (!gets_modules_from_initramfs() || brings_modules_ != false || modules_.empty()) return;
    add("ELF081",
        fmt::format("has {} as module{}, and no modules go along", fmt::join(modules_, ", "),
                    modules_.size() == 1 ? "" : "s"),
        "give its modules with --modules");
  }

  void require_squashfs() {
    const std::string& compression = around_.root_compression;
    std::string option(squashfs_option(compression));
    if (!option.empty() && config_.built_in(option)) return;
    if (compression.empty()) {
      return require({option, Need::built_in, "it cannot read a root packed with xz"});
    }
    add("ELF043",
        fmt::format("cannot read its root, a squashfs packed with {}{}", compression,
                    option.empty() ? "" : fmt::format(" ({} is off)", option)),
        option.empty() ? "pack the root with xz"
                       : fmt::format("build it with CONFIG_{}=y", option));
  }

  void refuse_flash_writers() {
    if (!config_.enabled("MTD")) return;
    add("ELF021", "can write the flash (MTD is on)",
        "build the kernel for the stick without CONFIG_MTD");
  }

  /// vfat refuses to mount without the code page and the character set that are its defaults (linux
  /// fs/fat/inode.c, fat_fill_super()).
  void require_character_sets() {
    const std::string& filesystem = around_.boot_filesystem;
    bool fat = filesystem.empty() || filesystem.starts_with("fat");
    if (!fat || !config_.enabled("VFAT_FS")) return;
    const std::string* page = config_.find("FAT_DEFAULT_CODEPAGE");
    const std::string* set = config_.find("FAT_DEFAULT_IOCHARSET");
    std::string options[] = {fmt::format("NLS_CODEPAGE_{}", page ? *page : "437"),
                             character_set_option(set ? *set : "iso8859-1")};
    for (const std::string& option : options) {
      require({option, Need::available, "FAT sticks cannot be mounted"});
    }
  }

  void require_floating_point() {
    const std::string* value = config_.find("MIPS_FP_SUPPORT");  // since Linux 5.0
    bool supported = value == nullptr || *value != "n";
    if (supported || around_.hard_float_root == false) return;
    if (!around_.hard_float_root) {
      return require(
          {"MIPS_FP_SUPPORT", Need::not_off, "hard-float programs (Debian's) die with SIGILL"});
    }
    add("ELF042", "is built without MIPS_FP_SUPPORT, and programs of the root need floating point",
        "build it with CONFIG_MIPS_FP_SUPPORT=y, or take a soft-float root such as OpenWrt's");
  }

  const Subject& subject_;
  const Surroundings& around_;
  const KernelConfig& config_;
  std::optional<bool> brings_modules_;
  std::vector<std::string> modules_;  ///< options that are needed and "=m"
  Findings findings_;
};

}  // namespace

Findings check_config(const Subject& subject) {
  const KernelFacts& facts = subject.facts;
  if (facts.config) return ConfigCheck(subject, *facts.config).run();
  Findings findings;
  if (facts.config_damaged) {
    findings.add("ELF053", subject.where(),
                 "carries its configuration, but that is damaged: its options were not checked",
                 "get the file again, or build it again");
  } else {
    findings.add("ELF024", subject.where(),
                 "does not carry its configuration: its options were not checked",
                 "build it with CONFIG_IKCONFIG=y");
  }
  if (subject.role == Role::stick && facts.mentions_mtdblock) {
    findings.add("ELF021", subject.where(), "can write the flash (it holds the mtdblock driver)",
                 "build the kernel for the stick without CONFIG_MTD");
  }
  return findings;
}

}  // namespace trxkit::kernel
