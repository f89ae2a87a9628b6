// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A configuration in which every option that is asked for is there, and each of them taken out.
#include <map>

#include <gmock/gmock.h>

#include "lib/kernel/check_parts.h"

namespace trxkit::kernel {
namespace {

using ::testing::HasSubstr;

class CheckConfig : public ::testing::Test {
 public:
  CheckConfig() {
    board.soc = "BCM4718";
    board.kernel.machine = "bcm47xx";
    for (const char* option :
         {"BCM47XX", "BCM47XX_BCMA", "BINFMT_ELF", "BINFMT_SCRIPT", "TMPFS", "USB", "USB_STORAGE",
          "SCSI", "BLK_DEV_SD", "USB_EHCI_HCD", "USB_OHCI_HCD", "USB_HCD_BCMA", "MSDOS_PARTITION",
          "EFI_PARTITION", "VFAT_FS", "NLS_CODEPAGE_437", "NLS_ISO8859_1", "MIPS_FP_SUPPORT",
          "COMPAT_32BIT_TIME"}) {
      options[option] = "y";
    }
    options["FAT_DEFAULT_IOCHARSET"] = "\"iso8859-1\"";
  }

  void make_flash() {
    role = Role::flash;
    for (const char* option : {"KEXEC", "SQUASHFS", "SQUASHFS_XZ", "BOOT_RAW", "MTD_BLOCK", "MTD",
                               "MTD_BCM47XX_PARTS", "JFFS2_FS"}) {
      options[option] = "y";
    }
  }
  void make_stick() {
    for (const char* option : {"BLK_DEV_INITRD", "BLK_DEV_LOOP", "EXT4_FS"}) options[option] = "y";
  }

  /// Codes and the options that the messages name: "ELF022 KEXEC".
  std::string judge(const std::string& option = "", const std::string& value = "") {
    auto changed = options;
    if (!option.empty()) changed[option] = value;
    std::string text;
    for (const auto& [name, setting] : changed) {
      text += setting == "n" ? "# CONFIG_" + name + " is not set\n"
                             : "CONFIG_" + name + "=" + setting + "\n";
    }
    KernelFacts facts;
    facts.banner = "Linux version 6.1.0 (a@b)";
    facts.release = "6.1.0";
    facts.config = KernelConfig::parse(text);
    KernelElf elf;
    Subject subject{elf, facts, board, role, surroundings};
    Findings findings = check_origin(subject);
    findings.append(check_config(subject));
    std::string codes;
    for (const Finding& finding : findings.list()) {
      codes += (codes.empty() ? "" : " ") + finding.code;
      EXPECT_THAT(finding.message, HasSubstr(option));
    }
    return codes;
  }

  std::map<std::string, std::string> options;
  board::Board board;
  Role role = Role::stick;
  Surroundings surroundings;
};

TEST_F(CheckConfig, EveryOptionOfAFlashKernel) {
  make_flash();
  EXPECT_EQ(judge(), "");
  for (const char* option : {"BINFMT_ELF", "BINFMT_SCRIPT", "KEXEC", "SQUASHFS", "SQUASHFS_XZ",
                             "BOOT_RAW", "MTD_BLOCK", "MTD_BCM47XX_PARTS", "BCM47XX_BCMA"}) {
    EXPECT_EQ(judge(option, "n"), "ELF022") << option;
    EXPECT_EQ(judge(option, "m"), "ELF022") << option;
  }
  for (const char* option :
       {"TMPFS", "USB", "USB_STORAGE", "SCSI", "BLK_DEV_SD", "USB_EHCI_HCD", "USB_OHCI_HCD",
        "USB_HCD_BCMA", "MSDOS_PARTITION", "JFFS2_FS", "NLS_CODEPAGE_437", "NLS_ISO8859_1"}) {
    EXPECT_EQ(judge(option, "n"), "ELF023") << option;
    EXPECT_EQ(judge(option, "m"), "") << option;
  }
  EXPECT_EQ(judge("VFAT_FS", "n"), "ELF023");
}

TEST_F(CheckConfig, SecondStageNeedsNoRootInTheFlash) {
  make_flash();
  options["BLK_DEV_INITRD"] = "y";
  surroundings.second_stage = true;
  EXPECT_EQ(judge(), "");
  for (const char* option : {"BLK_DEV_INITRD", "KEXEC", "BOOT_RAW"}) {
    EXPECT_EQ(judge(option, "n"), "ELF022") << option;
  }
  for (const char* option :
       {"SQUASHFS", "SQUASHFS_XZ", "MTD_BLOCK", "MTD_BCM47XX_PARTS", "JFFS2_FS"}) {
    EXPECT_EQ(judge(option, "n"), "") << option;
  }
  EXPECT_EQ(judge("USB_STORAGE", "n"), "ELF023");
  surroundings.brings_modules = false;
  EXPECT_EQ(judge("USB_STORAGE", "m"), "ELF081");
  // With a root to fall back to.
  surroundings.root_compression = "xz";
  for (const char* option : {"SQUASHFS", "SQUASHFS_XZ", "MTD_BLOCK", "MTD_BCM47XX_PARTS"}) {
    std::string codes = judge(option, "n");
    EXPECT_TRUE(codes == "ELF022" || codes == "ELF043") << option << codes;
  }
  EXPECT_EQ(judge("JFFS2_FS", "n"), "");
}

TEST_F(CheckConfig, EveryOptionOfAFallbackKernel) {
  make_flash();
  role = Role::fallback;
  EXPECT_EQ(judge(), "");
  for (const char* option : {"BINFMT_ELF", "SQUASHFS", "SQUASHFS_XZ", "MTD_BLOCK",
                             "MTD_BCM47XX_PARTS", "BCM47XX_BCMA"}) {
    EXPECT_EQ(judge(option, "n"), "ELF022") << option;
  }
  EXPECT_EQ(judge("JFFS2_FS", "n"), "ELF023");
  for (const char* option : {"KEXEC", "BOOT_RAW", "USB_STORAGE", "VFAT_FS", "NLS_CODEPAGE_437"}) {
    EXPECT_EQ(judge(option, "n"), "") << option;
  }
}

TEST_F(CheckConfig, EveryOptionOfAStickKernel) {
  make_stick();
  EXPECT_EQ(judge(), "");
  EXPECT_EQ(judge("BLK_DEV_INITRD", "n"), "ELF022");
  EXPECT_EQ(judge("BLK_DEV_LOOP", "n"), "ELF023");
  EXPECT_EQ(judge("EXT4_FS", "n"), "ELF023");
  EXPECT_EQ(judge("EXT4_FS", "m"), "");
  EXPECT_EQ(judge("MTD", "y"), "ELF021");
  EXPECT_EQ(judge("MTD", "m"), "ELF021");
}

TEST_F(CheckConfig, EveryKindOfRoot) {
  make_stick();
  for (const char* option : {"INET", "PACKET", "BGMAC_BCMA"}) options[option] = "y";
  surroundings.root = "label:USBROOT";
  EXPECT_EQ(judge("BLK_DEV_LOOP", "n"), "");
  EXPECT_EQ(judge("EXT4_FS", "n"), "ELF023");
  surroundings.root = "nbd:192.168.1.2:10809/root";
  EXPECT_EQ(judge(), "ELF023");
  EXPECT_EQ(judge("BLK_DEV_NBD", "m"), "");
  options["BLK_DEV_NBD"] = "y";
  EXPECT_EQ(judge("USB_STORAGE", "n"), "");
  EXPECT_EQ(judge("MSDOS_PARTITION", "n"), "");
  EXPECT_EQ(judge("INET", "n"), "ELF022");
  EXPECT_EQ(judge("PACKET", "n"), "ELF023");
  surroundings.root = "nfs:192.168.1.2:/srv/root";
  options["NFS_FS"] = "y";
  EXPECT_EQ(judge("NFS_V3", "n"), "ELF023");
  options["NFS_V3"] = "y";
  EXPECT_EQ(judge(), "");
  EXPECT_EQ(judge("NFS_FS", "n"), "ELF023");
  options.erase("EXT4_FS");
  EXPECT_EQ(judge("NFS_FS", "m"), "");
  surroundings.root = "http://192.168.1.2/root.img";
  EXPECT_EQ(judge("EXT4_FS", "y"), "");
  EXPECT_EQ(judge("EXT4_FS", "n"), "ELF023");
  surroundings.root = "tmpfs:";
  options.erase("BLK_DEV_LOOP");
  EXPECT_EQ(judge("TMPFS", "n"), "ELF023");
  EXPECT_EQ(judge(), "");
}

TEST_F(CheckConfig, NetworkDrivers) {
  make_stick();
  surroundings.network = true;
  for (const char* option : {"INET", "PACKET"}) options[option] = "y";
  EXPECT_EQ(judge(), "ELF023");
  EXPECT_EQ(judge("BGMAC_BCMA", "m"), "");
  EXPECT_EQ(judge("BGMAC", "y"), "");  // of its time before 4.8
  board.soc = "BCM5354";
  EXPECT_EQ(judge("B44", "y"), "");
  EXPECT_EQ(judge("B44", "n"), "ELF023");
}

TEST_F(CheckConfig, SquashfsAndSwapOnTheStick) {
  make_stick();
  surroundings.root_filesystem = "squashfs";
  surroundings.root_compression = "xz";
  EXPECT_EQ(judge(), "ELF023 ELF023 ELF043");
  for (const char* option : {"SQUASHFS", "SQUASHFS_XZ", "OVERLAY_FS"}) options[option] = "y";
  EXPECT_EQ(judge(), "");
  EXPECT_EQ(judge("EXT4_FS", "n"), "");
  surroundings.boot_filesystem = "ext4";
  EXPECT_EQ(judge("EXT4_FS", "n"), "ELF023");
  surroundings.swap = true;
  EXPECT_EQ(judge("SWAP", "n"), "ELF023");
  EXPECT_EQ(judge("SWAP", "y"), "");
}

TEST_F(CheckConfig, ModulesThatDoNotGoAlong) {
  make_stick();
  EXPECT_EQ(judge("USB_STORAGE", "m"), "");  // not known
  surroundings.brings_modules = true;
  EXPECT_EQ(judge("USB_STORAGE", "m"), "");
  surroundings.brings_modules = false;
  EXPECT_EQ(judge("USB_STORAGE", "m"), "ELF081");
  EXPECT_EQ(judge("USB_STORAGE", "y"), "");
  make_flash();
  EXPECT_EQ(judge("USB_STORAGE", "m"), "");
}

TEST_F(CheckConfig, OptionsThatOldKernelsDoNotKnow) {
  make_stick();
  EXPECT_EQ(judge("COMPAT_32BIT_TIME", "n"), "ELF023");
  EXPECT_EQ(judge("MIPS_FP_SUPPORT", "n"), "ELF023");
  options.erase("COMPAT_32BIT_TIME");
  options.erase("MIPS_FP_SUPPORT");
  EXPECT_EQ(judge(), "");
}

TEST_F(CheckConfig, FloatingPointAsTheRootNeedsIt) {
  make_stick();
  surroundings.hard_float_root = true;
  EXPECT_EQ(judge(), "");
  EXPECT_EQ(judge("MIPS_FP_SUPPORT", "n"), "ELF042");
  surroundings.hard_float_root = false;
  EXPECT_EQ(judge("MIPS_FP_SUPPORT", "n"), "");
}

TEST_F(CheckConfig, DecompressorOfTheRoot) {
  make_flash();
  surroundings.root_compression = "xz";
  EXPECT_EQ(judge(), "");
  EXPECT_EQ(judge("SQUASHFS_XZ", "n"), "ELF043");
  surroundings.root_compression = "gzip";
  EXPECT_EQ(judge(), "ELF043");
  EXPECT_EQ(judge("SQUASHFS_ZLIB", "y"), "");
  surroundings.root_compression = "lzma";  // never was in a mainline squashfs 4.0
  EXPECT_EQ(judge(), "ELF043");
}

TEST_F(CheckConfig, PartitionTableOfTheStick) {
  make_stick();
  surroundings.partition_table = "gpt";
  EXPECT_EQ(judge(), "");
  EXPECT_EQ(judge("EFI_PARTITION", "n"), "ELF022");
  EXPECT_EQ(judge("MSDOS_PARTITION", "n"), "");
  surroundings.partition_table = "mbr";
  EXPECT_EQ(judge("EFI_PARTITION", "n"), "");
  EXPECT_EQ(judge("MSDOS_PARTITION", "n"), "ELF023");
  surroundings.partition_table = "none";
  EXPECT_EQ(judge("MSDOS_PARTITION", "n"), "");
}

TEST_F(CheckConfig, CharacterSetsOfFat) {
  make_stick();
  options["FAT_DEFAULT_IOCHARSET"] = "\"utf8\"";
  EXPECT_EQ(judge("NLS_UTF8", "n"), "ELF023");
  EXPECT_EQ(judge("NLS_UTF8", "m"), "");
  options.erase("NLS_CODEPAGE_437");
  surroundings.boot_filesystem = "ext4";
  EXPECT_EQ(judge(), "");
}

TEST_F(CheckConfig, OtherMachines) {
  make_stick();
  EXPECT_EQ(judge("BCM47XX", "n"), "ELF020");
  board.soc = "BCM5354";
  EXPECT_EQ(judge("BCM47XX_BCMA", "n"), "");
  board.kernel.machine = "malta";
  EXPECT_EQ(judge(), "ELF020");
  EXPECT_EQ(judge("MIPS_MALTA", "y"), "");
}

}  // namespace
}  // namespace trxkit::kernel
