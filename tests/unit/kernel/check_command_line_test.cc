// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The command line against role and drivers, and what else needs no file.
#include <gmock/gmock.h>

#include "lib/kernel/check_parts.h"

namespace trxkit::kernel {
namespace {

using ::testing::HasSubstr;

class CheckCommandLine : public ::testing::Test {
 public:
  CheckCommandLine() { board.ram_size.value = 64 << 20; }

  std::string codes_of(Findings found) {
    std::string codes;
    for (const Finding& finding : found.list()) codes += finding.code + " ";
    findings = std::move(found);
    return codes.substr(0, codes.empty() ? 0 : codes.size() - 1);
  }
  std::string judge(const std::string& line, Role role) {
    facts.command_line = line;
    return codes_of(check_command_line({elf, facts, board, role}));
  }
  void add_init() {
    facts.initramfs = Initramfs{};
    facts.initramfs->entries = {{.name = "init", .mode = 0100755}};
  }

  KernelElf elf;
  KernelFacts facts;
  board::Board board;
  Findings findings;
};

TEST_F(CheckCommandLine, RootOfTheFlashKernelNeedsItsDriver) {
  facts.config = KernelConfig::parse("CONFIG_MTD=y\nCONFIG_BLK_DEV_SD=m\n");
  for (const char* root : {"/dev/mtdblock2", "31:2", "/dev/sda1", "/dev/nfs", "ubi0:rootfs"}) {
    EXPECT_EQ(judge(std::string("root=") + root, Role::flash), "ELF036") << root;
  }
  EXPECT_EQ(judge("root=/dev/mtdblock2 root=mtd:rootfs", Role::flash), "");  // the last one counts
  EXPECT_EQ(judge("console=ttyS0", Role::flash), "");
  facts.config = KernelConfig::parse("CONFIG_MTD_BLOCK=y\nCONFIG_BLK_DEV_SD=y\n");
  EXPECT_EQ(judge("root=/dev/mtdblock2", Role::flash), "");
  EXPECT_EQ(judge("root=/dev/sda1", Role::flash), "");
  facts.config = KernelConfig::parse("CONFIG_MTD=y\n");
  add_init();  // which mounts by itself
  EXPECT_EQ(judge("root=/dev/mtdblock2", Role::flash), "");
  facts.config.reset();
  facts.initramfs.reset();
  EXPECT_EQ(judge("root=/dev/mtdblock2", Role::flash), "");
}

TEST_F(CheckCommandLine, OneThatWasReplacedAndCannotBeTold) {
  add_init();
  facts.command_line_replaced = true;
  EXPECT_EQ(codes_of(check_command_line({elf, facts, board, Role::stick})), "ELF080");
  EXPECT_EQ(judge("mem=64M", Role::stick), "");  // it was found
}

TEST_F(CheckCommandLine, MemoryOfAKernelWithItsInitramfs) {
  EXPECT_EQ(judge("", Role::stick), "");  // mkbootusb adds initramfs and mem=
  add_init();
  EXPECT_EQ(judge("mem=64M", Role::stick), "");
  EXPECT_EQ(judge("mem=0x4000000", Role::stick), "");
  EXPECT_EQ(judge("mem=64M mem=128M", Role::stick), "ELF026");
  EXPECT_EQ(judge("console=ttyS0 -- mem=64M", Role::stick), "ELF026");
  EXPECT_EQ(judge("mem=64M root=/dev/sda2", Role::stick), "ELF034");
}

TEST_F(CheckCommandLine, FallbackKernelMountsTheFlashAndKnowsItsMemory) {
  EXPECT_EQ(judge("mem=64M", Role::fallback), "");
  EXPECT_EQ(judge("console=ttyS0", Role::fallback), "ELF026");
  EXPECT_EQ(judge("mem=128M", Role::fallback), "ELF026");
  facts.config = KernelConfig::parse("CONFIG_MTD=y\n");
  EXPECT_EQ(judge("mem=64M root=/dev/mtdblock2", Role::fallback), "ELF036");
  facts.config = KernelConfig::parse("CONFIG_MTD_BLOCK=y\n");
  EXPECT_EQ(judge("mem=64M root=/dev/mtdblock2", Role::fallback), "");
}

TEST_F(CheckCommandLine, ControlCharactersDoNotReachTheTerminal) {
  add_init();
  judge("mem=64M root=\x1b[2J", Role::stick);
  ASSERT_EQ(findings.list().size(), 1u);
  EXPECT_THAT(findings.list()[0].message, HasSubstr("\\x1b"));
}

TEST_F(CheckCommandLine, DamagedSymbolTable) {
  facts.banner = "Linux version 6.1.0 (a@b)";
  facts.mentions_machine = true;
  EXPECT_EQ(codes_of(check_origin({elf, facts, board})), "");
  elf.symbols.fault = "its names lie outside the file";
  EXPECT_EQ(codes_of(check_origin({elf, facts, board})), "ELF054");
}

}  // namespace
}  // namespace trxkit::kernel
