// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Names and packages: OpenWrt package/kernel/linux/modules/{usb,block,fs,netdevices}.mk and target/
// linux/bcm47xx/modules.mk; options: the Makefiles of linux 6.1.
#include "lib/kernel/module_catalogue.h"

#include <algorithm>

#include "lib/kernel/module_file.h"

namespace trxkit::kernel {
namespace {

constexpr ModuleOrigin kOrigins[] = {
    {"nls_base", "NLS", "kmod-nls-base", true},
    {"usb_common", "USB_COMMON", "kmod-usb-core", true},
    {"usbcore", "USB", "kmod-usb-core"},
    {"bcma_hcd", "USB_HCD_BCMA", "kmod-usb-bcma"},
    {"ssb_hcd", "USB_HCD_SSB", "kmod-usb-ssb"},
    {"ehci_hcd", "USB_EHCI_HCD", "kmod-usb-ehci"},
    {"ehci_platform", "USB_EHCI_HCD_PLATFORM", "kmod-usb2"},
    {"ehci_pci", "USB_EHCI_PCI", "kmod-usb2-pci"},
    {"ohci_hcd", "USB_OHCI_HCD", "kmod-usb-ohci"},
    {"ohci_platform", "USB_OHCI_HCD_PLATFORM", "kmod-usb-ohci"},
    {"ohci_pci", "USB_OHCI_HCD_PCI", "kmod-usb-ohci-pci"},
    {"uhci_hcd", "USB_UHCI_HCD", "kmod-usb-uhci"},
    {"scsi_common", "SCSI_COMMON", "kmod-scsi-core", true},
    {"scsi_mod", "SCSI", "kmod-scsi-core"},
    {"sd_mod", "BLK_DEV_SD", "kmod-scsi-core"},
    {"usb_storage", "USB_STORAGE", "kmod-usb-storage"},
    {"uas", "USB_UAS", "kmod-usb-storage-uas"},
    {"crc16", "CRC16", "kmod-lib-crc16", true},
    {"crc32c_generic", "CRYPTO_CRC32C", "kmod-crypto-crc32c", true},
    {"mbcache", "FS_MBCACHE", "kmod-fs-ext4", true},
    {"jbd2", "JBD2", "kmod-fs-ext4", true},
    {"ext4", "EXT4_FS", "kmod-fs-ext4"},
    {"fat", "FAT_FS", "kmod-fs-vfat", true},
    {"vfat", "VFAT_FS", "kmod-fs-vfat"},
    {"nls_cp437", "NLS_CODEPAGE_437", "kmod-nls-cp437"},
    {"nls_iso8859_1", "NLS_ISO8859_1", "kmod-nls-iso8859-1"},
    {"nls_utf8", "NLS_UTF8", "kmod-nls-utf8"},
    {"loop", "BLK_DEV_LOOP", "kmod-loop"},
    {"squashfs", "SQUASHFS", ""},
    {"nbd", "BLK_DEV_NBD", "kmod-nbd"},
    {"grace", "GRACE_PERIOD", "kmod-fs-nfs-common", true},
    {"sunrpc", "SUNRPC", "kmod-fs-nfs-common", true},
    {"lockd", "LOCKD", "kmod-fs-nfs-common", true},
    {"nfs", "NFS_FS", "kmod-fs-nfs"},
    {"nfsv3", "NFS_V3", "kmod-fs-nfs-v3"},
    {"bgmac", "BGMAC", "kmod-bgmac"},
    {"bgmac_bcma", "BGMAC_BCMA", "kmod-bgmac"},
    {"b44", "B44", "kmod-b44"},
};

}  // namespace

const ModuleOrigin* origin_of(std::string_view name) {
  auto found = std::ranges::find(kOrigins, module_name(name), &ModuleOrigin::name);
  return found == std::end(kOrigins) ? nullptr : &*found;
}

std::vector<std::string> modules_for_root(std::string_view root) {
  // ext4 asks for crc32c by name, which no dependency tells; vfat needs the code page and the
  // character set that are the kernel's defaults, or it refuses to mount.
  std::vector<std::string> ext4{"crc32c_generic", "ext4"};
  if (root.starts_with("image:")) {
    return {"crc32c_generic", "nls_cp437", "nls_iso8859-1", "vfat", "ext4", "loop"};
  }
  if (root.starts_with("label:") || root.starts_with("uuid:")) {
    return {"crc32c_generic", "nls_cp437", "nls_iso8859-1", "vfat", "ext4"};
  }
  if (root.starts_with("nbd:")) {
    ext4.insert(ext4.begin(), "nbd");
    return ext4;
  }
  if (root.starts_with("nfs:")) return {"nfs", "nfsv3"};
  if (root.starts_with("http:")) {
    ext4.emplace_back("loop");
    return ext4;
  }
  return {};
}

}  // namespace trxkit::kernel
