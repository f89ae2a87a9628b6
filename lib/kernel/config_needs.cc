// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Options: the Kconfig files of linux 6.1; what the boot chain uses of them: docs/boot-chain.md.
#include "lib/kernel/config_needs.h"

#include <algorithm>
#include <span>

namespace trxkit::kernel {
namespace {

constexpr Requirement kAlways[] = {
    {"BINFMT_ELF", Need::built_in, "programs do not start"},
    {"BINFMT_SCRIPT", Need::built_in, "scripts (preinit, init) do not start"},
    {"TMPFS", Need::available, "there is no /tmp"},
    {"COMPAT_32BIT_TIME", Need::not_off, "sleep returns at once in most 32-bit programs"},
};
constexpr Requirement kUsb[] = {
    {"USB", Need::available, "no stick is found"},
    {"USB_STORAGE", Need::available, "no stick is found"},
    {"SCSI", Need::available, "no stick is found"},
    {"BLK_DEV_SD", Need::available, "no stick is found"},
};
constexpr Requirement kFlash[] = {
    {"KEXEC", Need::built_in, "it cannot start the kernel on the stick"},
    {"BOOT_RAW", Need::built_in, "the boot loader starts it at its first byte, not at its entry"},
    {"VFAT_FS", Need::available, "FAT sticks cannot be read"},
};
constexpr Requirement kFlashRoot = {"SQUASHFS", Need::built_in, "it cannot mount the flash root"};
constexpr Requirement kInitramfs = {"BLK_DEV_INITRD", Need::built_in,
                                    "it cannot unpack an initramfs"};
constexpr Requirement kLoop = {"BLK_DEV_LOOP", Need::available, "root images cannot be mounted"};
constexpr Requirement kExt4 = {"EXT4_FS", Need::available, "ext4 roots cannot be mounted"};
// A squashfs is read-only: what the system writes goes into a tmpfs over it.
constexpr Requirement kSquashfsRoot[] = {
    {"SQUASHFS", Need::available, "its root, a squashfs, cannot be mounted"},
    {"OVERLAY_FS", Need::available, "its root, a squashfs, cannot be written over"},
};
constexpr Requirement kSwap = {"SWAP", Need::available, "the swap partition is not used"};
constexpr Requirement kNbd = {"BLK_DEV_NBD", Need::available, "its root cannot be reached"};
// /init mounts it with nolock: no lockd, no ROOT_NFS, no IP_PNP.
constexpr Requirement kNfs[] = {
    {"NFS_FS", Need::available, "its root cannot be mounted"},
    {"NFS_V3", Need::available, "its root cannot be mounted"},
};
constexpr Requirement kNetwork[] = {
    {"INET", Need::built_in, "there is no network"},
    {"PACKET", Need::available, "udhcpc gets no address"},
};
constexpr std::string_view kNoNetwork = "there is no network";
constexpr Requirement kBgmac = {"BGMAC_BCMA", Need::available, kNoNetwork, "BGMAC"};
constexpr Requirement kB44 = {"B44", Need::available, kNoNetwork};
constexpr Requirement kPcnet = {"PCNET32", Need::available, kNoNetwork, "VIRTIO_NET"};
// The chip of a BCM47xx router is reached through MTD, its USB ports through bcma.
constexpr Requirement kFlashRootOnBcm47xx[] = {
    {"MTD_BLOCK", Need::built_in, "the flash root cannot be mounted"},
    {"MTD_BCM47XX_PARTS", Need::built_in, "the partitions of the flash are not seen"},
};
constexpr Requirement kSettings = {"JFFS2_FS", Need::available,
                                   "the settings in the flash cannot be mounted"};
constexpr Requirement kUsbOnBcm47xx[] = {
    {"USB_EHCI_HCD", Need::available, "sticks are not found, or slow"},
    {"USB_OHCI_HCD", Need::available, "USB 1.1 devices are not found"},
};
constexpr Requirement kBcma = {"BCM47XX_BCMA", Need::built_in,
                               "it does not find the devices of this SoC"};
constexpr Requirement kUsbOnBcma = {"USB_HCD_BCMA", Need::available, "the USB ports do not work"};
// Broadcom's SoCs whose cores hang on the older bus (linux drivers/ssb); the others have bcma.
constexpr std::string_view kSsb[] = {"BCM4704", "BCM4710", "BCM4712", "BCM5350",
                                     "BCM5352", "BCM5354", "BCM5365"};
constexpr std::string_view kUnseen = "the partitions of the stick are not seen";

class Needs {
 public:
  explicit Needs(const Subject& subject)
      : subject_(subject), around_(subject.surroundings), root_(around_.root) {}

  std::vector<Requirement> list() {
    add(kAlways);
    if (on_usb()) add(kUsb);
    if (subject_.for_bcm47xx()) add_bcm47xx();
    if (subject_.role == Role::flash) add(kFlash);
    if (subject_.role == Role::stick || subject_.second_stage()) add(kInitramfs);
    if (subject_.role == Role::stick) add_root();
    if (subject_.has_flash_root()) add_flash_root();
    if (on_usb()) add_partitions();
    if (around_.network || over_network()) add_network();
    return std::move(list_);
  }

 private:
  bool over_network() const {
    return root_.starts_with("nbd:") || root_.starts_with("nfs:") || root_.starts_with("http:");
  }
  bool on_usb() const {
    return subject_.role == Role::flash || (subject_.role == Role::stick && !over_network());
  }
  bool on_bcma() const { return std::ranges::find(kSsb, subject_.board.soc) == std::end(kSsb); }

  void add(const Requirement& requirement) { list_.push_back(requirement); }
  void add(std::span<const Requirement> list) {
    list_.insert(list_.end(), list.begin(), list.end());
  }

  void add_bcm47xx() {
    if (on_usb()) add(kUsbOnBcm47xx);
    if (on_bcma()) add(kBcma);
    if (on_bcma() && on_usb()) add(kUsbOnBcma);
  }

  void add_flash_root() {
    add(kFlashRoot);
    if (!subject_.for_bcm47xx()) return;
    add(kFlashRootOnBcm47xx);
    // A second-stage loader leaves them alone.
    if (!subject_.second_stage()) add(kSettings);
  }

  /// Not known: a root image with ext4 in it, as mkbootusb makes them.
  void add_root() {
    bool image = root_.empty() || root_.starts_with("image:") || root_.starts_with("http:");
    bool squashfs = around_.root_filesystem == "squashfs";
    bool files = root_.starts_with("nfs:") || root_.starts_with("tmpfs:");
    if (image) add(kLoop);
    if (squashfs) add(kSquashfsRoot);
    if (around_.boot_filesystem.starts_with("ext") || (!squashfs && !files)) add(kExt4);
    if (root_.starts_with("nbd:")) add(kNbd);
    if (root_.starts_with("nfs:")) add(kNfs);
    if (around_.swap) add(kSwap);
  }

  void add_partitions() {
    const std::string& table = around_.partition_table;
    if (table == "gpt") {
      add({"EFI_PARTITION", Need::built_in, kUnseen});
    } else if (table != "none") {
      add({"MSDOS_PARTITION", Need::available, kUnseen});
    }
  }

  void add_network() {
    add(kNetwork);
    if (subject_.for_bcm47xx()) add(on_bcma() ? kBgmac : kB44);
    if (subject_.board.kernel.machine == "malta") add(kPcnet);
  }

  const Subject& subject_;
  const Surroundings& around_;
  std::string_view root_;
  std::vector<Requirement> list_;
};

}  // namespace

std::vector<Requirement> config_needs(const Subject& subject) {
  return Needs(subject).list();
}

}  // namespace trxkit::kernel
