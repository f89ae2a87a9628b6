// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// An initramfs as GNU cpio makes it, sound and with one fault at a time.
#include <gmock/gmock.h>

#include "lib/kernel/check_parts.h"

#include "tests/unit/kernel_fixture.h"
#include "tests/unit/scratch.h"

namespace trxkit::kernel {
namespace {

using ::testing::HasSubstr;

class CheckInitramfs : public test::Scratch {
 public:
  CheckInitramfs() {
    board.ram_size.value = 64 << 20;
    facts.release = "6.1.0";
    facts.command_line = "mem=64M";
    facts.config = KernelConfig::parse("CONFIG_RD_GZIP=y\n");
    test::KernelFixture program;
    program.segments = {{.address = 0x400000, .contents = "code"}};
    write("tree/bin/busybox", program.bytes());
    write("tree/init", "#! /bin/sh -e\nexit\n");
    shell("mkdir tree/dev && chmod 755 tree/init tree/bin/busybox && ln -s busybox tree/bin/sh");
  }

  /// Packs the tree; /dev/console comes as a header of its own, since making one needs root.
  std::string judge() {
    shell("cd tree && find . | LC_ALL=C sort | cpio -o -H newc --quiet > ../plain");
    std::string cpio = console + read("plain");
    write("cpio", cpio);
    shell("gzip -9n < cpio > packed");
    InputFile file = InputFile::open(path("packed"), env).value();
    CpioListing listing;
    EXPECT_TRUE(listing.consume(as_bytes(std::string_view(cpio))));
    facts.initramfs = Initramfs{.size = file.size(), .packing = packing};
    facts.initramfs->unpacked_size = unpacked_size ? unpacked_size : cpio.size();
    facts.initramfs->entries = listing.entries();
    Subject subject{elf, facts, board};
    findings = check_initramfs(subject);
    std::string codes;
    for (const Finding& finding : findings.list()) {
      codes += (codes.empty() ? "" : " ") + finding.code;
    }
    return codes;
  }
  std::string message() const {
    return findings.list().empty() ? "" : findings.list().front().message;
  }

  static std::string node(const std::string& name, unsigned mode, unsigned major, unsigned minor) {
    std::string header = fmt::format(
        "070701{:08X}{:08X}{:08X}{:08X}{:08X}{:08X}{:08X}{:08X}{:08X}{:08X}{:08X}{:08X}{:08X}", 1,
        mode, 0, 0, 1, 0, 0, 0, 0, major, minor, name.size() + 1, 0);
    header += name;
    header.resize((header.size() + 4) / 4 * 4);
    return header;
  }

  std::string console = node("dev/console", 0020600, 5, 1);
  Packing packing = Packing::gzip;
  std::uint64_t unpacked_size = 0;
  KernelElf elf;
  KernelFacts facts;
  board::Board board;
  Findings findings;
};

TEST_F(CheckInitramfs, ASoundOnePasses) {
  EXPECT_EQ(judge(), "") << message();
}

TEST_F(CheckInitramfs, SecondStageIsRecognisedByItsSearch) {
  judge();
  Subject subject{elf, facts, board, Role::flash};
  EXPECT_FALSE(subject.second_stage());
  EXPECT_TRUE(subject.has_flash_root());
  write("tree/etc/usbboot/usb.sh", "");
  judge();
  EXPECT_TRUE(subject.second_stage());
  EXPECT_FALSE(subject.has_flash_root());
  subject.surroundings.root_compression = "xz";
  EXPECT_TRUE(subject.has_flash_root());
  subject.role = Role::stick;
  EXPECT_FALSE(subject.second_stage());
}

TEST_F(CheckInitramfs, WithoutInitItIsNone) {
  shell("rm tree/init");
  EXPECT_EQ(judge(), "ELF025");
  facts.command_line = "mem=64M rdinit=/bin/busybox";
  EXPECT_EQ(judge(), "");
}

TEST_F(CheckInitramfs, InitThatCannotBeExecuted) {
  shell("chmod 644 tree/init");
  EXPECT_EQ(judge(), "ELF030");
  EXPECT_THAT(message(), HasSubstr("not executable"));
  shell("rm tree/init && mkdir tree/init");
  EXPECT_EQ(judge(), "ELF030");
  EXPECT_THAT(message(), HasSubstr("no file"));
}

TEST_F(CheckInitramfs, InitAsALinkIsFollowed) {
  shell("mv tree/init tree/sbin-init && ln -s /sbin-init tree/init");
  EXPECT_EQ(judge(), "");
  shell("rm tree/init && ln -s init tree/init");
  EXPECT_EQ(judge(), "ELF025");
}

TEST_F(CheckInitramfs, InterpreterOfAScript) {
  shell("rm tree/bin/sh");
  EXPECT_EQ(judge(), "ELF032");
  EXPECT_THAT(message(), HasSubstr("needs /bin/sh"));
  write("tree/init", "neither\n");
  EXPECT_EQ(judge(), "ELF032");
}

TEST_F(CheckInitramfs, ProgramForAnotherProcessor) {
  test::KernelFixture program;
  program.machine = 62;
  program.segments = {{.address = 0x400000, .contents = "code"}};
  write("tree/bin/busybox", program.bytes());
  EXPECT_EQ(judge(), "ELF032");
  EXPECT_THAT(message(), HasSubstr("another processor"));
}

TEST_F(CheckInitramfs, DynamicLoader) {
  test::KernelFixture program;
  program.segments = {
      {.address = 0x400000, .contents = "code"},
      {.type = 3, .address = 0x400800, .contents = std::string("/lib/ld.so.1", 13)}};
  // The fixture puts segments at pages; a linker puts PT_INTERP behind the headers.
  std::string bytes = program.bytes();
  std::size_t field = 52 + 32 + 4;
  bytes.replace(field, 2, std::string("\x00\x02", 2));
  bytes.replace(0x200, 13, std::string("/lib/ld.so.1", 13));
  write("tree/bin/busybox", bytes);
  EXPECT_EQ(judge(), "ELF032");
  EXPECT_THAT(message(), HasSubstr("/lib/ld.so.1"));
  write("tree/lib/ld.so.1", read("tree/bin/busybox"));
  EXPECT_EQ(judge(), "");
}

TEST_F(CheckInitramfs, Console) {
  console = node("dev/console", 0020600, 5, 0);
  EXPECT_EQ(judge(), "ELF031");
  console = node("dev/console", 0100600, 5, 1);
  EXPECT_EQ(judge(), "ELF031");
  console = "";
  EXPECT_EQ(judge(), "ELF031");
}

TEST_F(CheckInitramfs, PackingThatTheKernelDoesNotKnow) {
  packing = Packing::xz;
  EXPECT_EQ(judge(), "ELF043");
  facts.config = KernelConfig::parse("CONFIG_RD_XZ=y\n");
  EXPECT_EQ(judge(), "");
  facts.config.reset();
  EXPECT_EQ(judge(), "");
}

TEST_F(CheckInitramfs, SizeAgainstTheRam) {
  unpacked_size = 6 << 20;
  EXPECT_EQ(judge(), "");
  ++unpacked_size;
  EXPECT_EQ(judge(), "ELF052");
}

TEST_F(CheckInitramfs, ModulesOfAnotherKernel) {
  write("tree/lib/modules/6.1.0/a.ko", "x");
  EXPECT_EQ(judge(), "");
  write("tree/lib/modules/6.1.1/a.ko", "x");
  EXPECT_EQ(judge(), "MOD009");
  EXPECT_THAT(message(), HasSubstr("6.1.1"));
}

TEST_F(CheckInitramfs, FaultOfTheArchive) {
  facts.initramfs = Initramfs{.size = 1000};
  facts.initramfs->fault = "cut off";
  findings = check_initramfs({elf, facts, board});
  ASSERT_EQ(findings.list().size(), 1u);
  EXPECT_EQ(findings.list()[0].code, "ELF028");
}

}  // namespace
}  // namespace trxkit::kernel
