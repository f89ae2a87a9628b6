// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/check_config.h"

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
    {"MIPS_FP_SUPPORT", Need::not_off, "hard-float programs (Debian's) die with SIGILL"},
    {"COMPAT_32BIT_TIME", Need::not_off, "sleep returns at once in most 32-bit programs"},
};
constexpr Requirement kFlash[] = {
    {"KEXEC", Need::built_in, "it cannot start the kernel on the stick"},
    {"SQUASHFS", Need::built_in, "it cannot mount the flash root"},
    {"SQUASHFS_XZ", Need::built_in, "it cannot read an xz-compressed flash root"},
    {"BOOT_RAW", Need::built_in, "the boot loader starts it at its first byte, not at its entry"},
    {"USB_STORAGE", Need::available, "no stick is found"},
    {"BLK_DEV_SD", Need::available, "no stick is found"},
    {"MSDOS_PARTITION", Need::available, "the partitions of the stick are not seen"},
    {"VFAT_FS", Need::available, "FAT sticks cannot be read"},
};
constexpr Requirement kStick[] = {
    {"BLK_DEV_INITRD", Need::built_in, "it cannot unpack an initramfs"},
    {"BLK_DEV_LOOP", Need::available, "root images on the stick cannot be mounted"},
    {"EXT4_FS", Need::available, "ext4 roots cannot be mounted"},
    {"USB_STORAGE", Need::available, "no stick is found"},
    {"BLK_DEV_SD", Need::available, "no stick is found"},
    {"MSDOS_PARTITION", Need::available, "the partitions of the stick are not seen"},
};
// The chip of a BCM47xx router is reached through MTD, its USB ports through bcma.
constexpr Requirement kFlashOnBcm47xx[] = {
    {"MTD_BLOCK", Need::built_in, "the flash root cannot be mounted"},
    {"MTD_BCM47XX_PARTS", Need::built_in, "the partitions of the flash are not seen"},
};
constexpr Requirement kBothOnBcm47xx[] = {
    {"USB_HCD_BCMA", Need::available, "the USB ports do not work"},
};

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
  ConfigCheck(const KernelConfig& config, const std::string& name) : config_(config), name_(name) {}

  void require(std::span<const Requirement> list) {
    for (const Requirement& requirement : list) {
      if (is_met(config_, requirement)) continue;
      FindingId id = requirement.need == Need::built_in ? FindingId("ELF022") : FindingId("ELF023");
      findings_.add(id, {.file = name_},
                    fmt::format("is built without {}: {}", requirement.option, requirement.purpose),
                    fmt::format("build it with CONFIG_{}=y", requirement.option));
    }
  }

  void refuse_flash_writers() {
    if (!config_.enabled("MTD")) return;
    findings_.add("ELF021", {.file = name_}, "can write the flash (MTD is on)",
                  "build the kernel for the stick without CONFIG_MTD");
  }

  Findings take() { return std::move(findings_); }

 private:
  const KernelConfig& config_;
  const std::string& name_;
  Findings findings_;
};

}  // namespace

Findings check_config(const KernelConfig& config, const std::string& name,
                      const board::Board& board, Role role) {
  bool bcm47xx = board.kernel.machine == "bcm47xx";
  ConfigCheck check(config, name);
  check.require(kBoth);
  if (bcm47xx) check.require(kBothOnBcm47xx);
  if (role == Role::flash) {
    check.require(kFlash);
    if (bcm47xx) check.require(kFlashOnBcm47xx);
  } else {
    check.require(kStick);
    check.refuse_flash_writers();
  }
  return check.take();
}

}  // namespace trxkit::kernel
