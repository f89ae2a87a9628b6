// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What the configuration of a kernel has to say for its role.
#include <algorithm>
#include <span>

#include "lib/core/printable.h"
#include "lib/kernel/check_parts.h"

namespace trxkit::kernel {
namespace {

enum class Need : std::uint8_t {
  built_in,   ///< must be =y, else the kernel cannot do its work: ELF022
  available,  ///< =y or =m (modules may bring it), else usually a mistake: ELF023
  not_off,    ///< only "is not set" is a mistake: older kernels do not know it: ELF023
};

struct Requirement {
  std::string_view option;
  Need need;
  std::string_view purpose;
};

constexpr Requirement kBoth[] = {
    {"BINFMT_ELF", Need::built_in, "programs do not start"},
    {"BINFMT_SCRIPT", Need::built_in, "scripts (preinit, init) do not start"},
    {"TMPFS", Need::available, "there is no /tmp"},
    {"COMPAT_32BIT_TIME", Need::not_off, "sleep returns at once in most 32-bit programs"},
    {"USB", Need::available, "no stick is found"},
    {"USB_STORAGE", Need::available, "no stick is found"},
    {"SCSI", Need::available, "no stick is found"},
    {"BLK_DEV_SD", Need::available, "no stick is found"},
};
constexpr Requirement kFlash[] = {
    {"KEXEC", Need::built_in, "it cannot start the kernel on the stick"},
    {"SQUASHFS", Need::built_in, "it cannot mount the flash root"},
    {"BOOT_RAW", Need::built_in, "the boot loader starts it at its first byte, not at its entry"},
    {"VFAT_FS", Need::available, "FAT sticks cannot be read"},
};
constexpr Requirement kStick[] = {
    {"BLK_DEV_INITRD", Need::built_in, "it cannot unpack an initramfs"},
    {"BLK_DEV_LOOP", Need::available, "root images on the stick cannot be mounted"},
    {"EXT4_FS", Need::available, "ext4 roots cannot be mounted"},
};
// The chip of a BCM47xx router is reached through MTD, its USB ports through bcma.
constexpr Requirement kFlashOnBcm47xx[] = {
    {"MTD_BLOCK", Need::built_in, "the flash root cannot be mounted"},
    {"MTD_BCM47XX_PARTS", Need::built_in, "the partitions of the flash are not seen"},
    {"JFFS2_FS", Need::available, "the settings in the flash cannot be mounted"},
};
constexpr Requirement kBothOnBcm47xx[] = {
    {"USB_EHCI_HCD", Need::available, "sticks are not found, or slow"},
    {"USB_OHCI_HCD", Need::available, "USB 1.1 devices are not found"},
};
constexpr Requirement kBothOnBcma[] = {
    {"BCM47XX_BCMA", Need::built_in, "it does not find the devices of this SoC"},
    {"USB_HCD_BCMA", Need::available, "the USB ports do not work"},
};
// Broadcom's SoCs whose cores hang on the older bus (linux drivers/ssb); the others have bcma.
constexpr std::string_view kSsb[] = {"BCM4704", "BCM4710", "BCM4712", "BCM5350",
                                     "BCM5352", "BCM5354", "BCM5365"};

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

bool is_met(const KernelConfig& config, const Requirement& requirement) {
  switch (requirement.need) {
    case Need::built_in:
      return config.built_in(requirement.option);
    case Need::available:
      return config.enabled(requirement.option);
    case Need::not_off:
      const std::string* value = config.find(requirement.option);
      return value == nullptr || *value != "n";
  }
  return false;
}

class ConfigCheck {
 public:
  ConfigCheck(const Subject& subject, const KernelConfig& config)
      : subject_(subject), config_(config) {}

  Findings run() {
    require(kBoth);
    require_machine();
    if (subject_.role == Role::flash) {
      require(kFlash);
      require_squashfs();
    } else {
      require(kStick);
      refuse_flash_writers();
    }
    require_partitions();
    require_character_sets();
    require_floating_point();
    return std::move(findings_);
  }

 private:
  void add(FindingId id, std::string message, std::string hint) {
    findings_.add(id, subject_.where(), printable(message), std::move(hint));
  }

  void require(std::span<const Requirement> list) {
    for (const Requirement& requirement : list) require(requirement);
  }

  void require(const Requirement& requirement) {
    if (is_met(config_, requirement)) return;
    FindingId id = requirement.need == Need::built_in ? FindingId("ELF022") : FindingId("ELF023");
    add(id, fmt::format("is built without {}: {}", requirement.option, requirement.purpose),
        fmt::format("build it with CONFIG_{}=y", requirement.option));
  }

  void require_machine() {
    if (!subject_.for_bcm47xx()) return;
    require(kBothOnBcm47xx);
    if (std::ranges::find(kSsb, subject_.board.soc) == std::end(kSsb)) require(kBothOnBcma);
    if (subject_.role == Role::flash) require(kFlashOnBcm47xx);
  }

  void require_squashfs() {
    const std::string& compression = subject_.surroundings.root_compression;
    std::string option(squashfs_option(compression));
    if (!option.empty() && config_.built_in(option)) return;
    if (compression.empty()) {
      return require({option, Need::built_in, "it cannot read an xz-compressed flash root"});
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

  void require_partitions() {
    const std::string& table = subject_.surroundings.partition_table;
    constexpr std::string_view kUnseen = "the partitions of the stick are not seen";
    if (table == "gpt") {
      require({"EFI_PARTITION", Need::built_in, kUnseen});
    } else if (table != "none") {
      require({"MSDOS_PARTITION", Need::available, kUnseen});
    }
  }

  /// vfat refuses to mount without the code page and the character set that are its defaults (linux
  /// fs/fat/inode.c, fat_fill_super()).
  void require_character_sets() {
    const std::string& filesystem = subject_.surroundings.boot_filesystem;
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
    if (supported || subject_.surroundings.hard_float_root == false) return;
    if (!subject_.surroundings.hard_float_root) {
      return require(
          {"MIPS_FP_SUPPORT", Need::not_off, "hard-float programs (Debian's) die with SIGILL"});
    }
    add("ELF042", "is built without MIPS_FP_SUPPORT, and programs of the root need floating point",
        "build it with CONFIG_MIPS_FP_SUPPORT=y, or take a soft-float root such as OpenWrt's");
  }

  const Subject& subject_;
  const KernelConfig& config_;
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
