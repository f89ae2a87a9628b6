// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include <algorithm>
#include <random>

#include <gmock/gmock.h>

#include "lib/kernel/embed.h"

#include "tests/unit/kernel/check_fixture.h"

namespace trxkit::kernel {
namespace {

using ::testing::HasSubstr;

TEST_F(CheckTest, SoundKernelPassesInBothRoles) {
  EXPECT_EQ(codes(Role::stick), "");
  EXPECT_TRUE(findings.has("ELF017"));
  EXPECT_TRUE(findings.has("ELF024"));
  EXPECT_TRUE(findings.passed(true));
  EXPECT_EQ(codes(Role::flash), "");
}

TEST_F(CheckTest, BannerAndMachine) {
  load->contents.replace(load->contents.find("Linux version"), 5, "Minix");
  EXPECT_EQ(codes(), "ELF019");
  board.kernel.machine = "malta";
  EXPECT_EQ(codes(), "ELF019 ELF020");
  load->contents.replace(0x600, 10, "MIPS Malta");
  EXPECT_EQ(codes(), "ELF019");
}

TEST_F(CheckTest, StickKernelWithTheFlashDriver) {
  load->contents.replace(0x600, 8, "mtdblock");
  EXPECT_EQ(codes(Role::stick), "ELF021");
  EXPECT_EQ(codes(Role::flash), "");
}

TEST_F(CheckTest, DamagedConfigurationIsSaid) {
  set_config("CONFIG_BINFMT_ELF=y\n");
  load->contents[0x500 + 8 + 12] ^= 1;
  EXPECT_EQ(codes(), "ELF053");
  EXPECT_FALSE(findings.has("ELF024"));
}

TEST_F(CheckTest, SelfExtractingKernel) {
  std::string banner = "Linux version 6.1.0 (a@b) #1";
  std::mt19937 random(1);  // packed kernels are not small
  std::string noise(4000, 'x');
  std::ranges::generate(noise, [&] { return static_cast<char>(random()); });
  for (auto [packing, command] : {std::pair{"gzip", "gzip -9n"},
                                  {"xz", "xz --check=crc32 --lzma2=dict=1MiB"},
                                  {"lzma", "xz --format=lzma --lzma1=dict=1MiB"},
                                  {"bzip2", "bzip2"}}) {
    write("raw", std::string(300000, 'x') + banner + noise);
    shell(std::string(command) + " < raw > packed");
    // Code for the unpacking, then the stream, as linux arch/mips/boot/compressed/ld.script has it.
    load->contents = std::string(256, 'c') + read("packed");
    kernel.symbols.clear();
    kernel.entry = load->address;
    codes();
    EXPECT_TRUE(findings.has("ELF044")) << packing;
    EXPECT_FALSE(findings.has("ELF025")) << "nothing else is known of it";
  }
  write("raw", std::string(300000, 'x') + noise);
  shell("gzip -9n < raw > packed");
  load->contents = std::string(256, 'c') + read("packed");
  codes();
  EXPECT_TRUE(findings.has("ELF019")) << "a stream without a banner is no kernel";
  EXPECT_FALSE(findings.has("ELF044"));
}

TEST_F(CheckTest, TooOldToBeStarted) {
  set_banner("Linux version 3.12.74 (a@b) #1");
  EXPECT_EQ(codes(Role::stick), "ELF037");
  EXPECT_EQ(codes(Role::flash), "");
  set_banner("Linux version 3.3.8 (openwrt@b) #1");
  EXPECT_EQ(codes(Role::stick), "");
  set_banner("Linux version 3.13.0 (a@b) #1");
  EXPECT_EQ(codes(Role::stick), "");
  set_banner("Linux version 2.6.36 (a@b) #1");
  board.kernel.machine = "";  // only BCM47xx waits for CFE
  EXPECT_EQ(codes(Role::stick), "");
}

TEST_F(CheckTest, TooOldToStartAnother) {
  for (auto [release, expected] : {std::pair{"3.4.113", "ELF038"},
                                   {"2.6.36", "ELF038"},
                                   {"3.5.0", "ELF039"},
                                   {"3.9.11", "ELF039"},
                                   {"3.10.0", ""},
                                   {"4.14.1", ""}}) {
    set_banner(std::string("Linux version ") + release + " (openwrt@b) #1");
    EXPECT_EQ(codes(Role::flash), expected) << release;
    EXPECT_EQ(codes(Role::stick), "") << release;
  }
}

TEST_F(CheckTest, NewerThanWhatIsKnownToRun) {
  set_banner("Linux version 6.6.30 (a@b) #1");
  EXPECT_EQ(codes(Role::stick), "ELF040");
  EXPECT_EQ(codes(Role::flash), "ELF040");
  set_banner("Linux version 6.5.13 (a@b) #1");
  EXPECT_EQ(codes(), "");
}

TEST_F(CheckTest, PatchesOfThe74K) {
  board.facts.push_back({.key = "cpu.model", .value = {}, .text = "MIPS 74Kc", .source = ""});
  EXPECT_EQ(codes(), "ELF041");
  set_banner("Linux version 6.1.0 (a@b) (gcc (OpenWrt GCC 12.3.0)) #1");
  EXPECT_EQ(codes(), "");
}

TEST_F(CheckTest, RootThatTheStickKernelWouldTakeFromTheFlash) {
  set_command_line("root=/dev/mtdblock2 console=ttyS0,115200");
  EXPECT_EQ(codes(), "ELF021 ELF034");
  kernel.symbols.clear();
  load->contents.replace(0x700, 36, "root=/dev/mtdblock2 console=ttyS0,11");
  load->contents.replace(2 * 4096, 4096, std::string(4096, '\0'));
  EXPECT_EQ(codes(), "ELF021 ELF025 ELF033");
  load->contents.replace(0x700, 36, "root=/dev/sda2      console=ttyS0,11");
  EXPECT_EQ(codes(), "ELF025");
}

TEST_F(CheckTest, NoCommandLine) {
  EXPECT_EQ(codes(), "");
  kernel.symbols.clear();
  EXPECT_EQ(codes(Role::flash), "ELF035");
}

TEST_F(CheckTest, WithoutSymbolsNothingCanBePutIn) {
  kernel.symbols.clear();
  EXPECT_EQ(codes(Role::stick), "ELF025 ELF035");
  EXPECT_EQ(codes(Role::flash), "ELF035");
}

TEST_F(CheckTest, CommandLineOfAFinishedKernel) {
  shell(
      "mkdir tree && echo '#!/init' > tree/init && chmod 755 tree/init && cd tree && find . | cpio "
      "-o -H newc --quiet | gzip -n > "
      "../i");
  for (auto [line, expected] : {std::pair{"mem=64M", ""},
                                {"mem=32M", ""},
                                {"mem=65M", "ELF026"},
                                {"console=ttyS0", "ELF026"},
                                {"mem=much", "ELF026"}}) {
    InputFile file = InputFile::open(write("plain", kernel.bytes()), env).value();
    InputFile archive = InputFile::open(path("i"), env).value();
    OutputFile output = OutputFile::create(path("vmlinux")).value();
    auto result =
        embed_initramfs(file, read_kernel(file).value(), archive, {line, *board.ram_size}, output);
    ASSERT_TRUE(result && output.commit());
    InputFile finished = InputFile::open(path("vmlinux"), env).value();
    auto found = check_kernel(finished, read_kernel(finished).value(), board, Role::stick).value();
    EXPECT_EQ(found.has("ELF026"), std::string(expected) == "ELF026") << line;
    EXPECT_TRUE(found.passed());
    EXPECT_TRUE(check_layout(result->elf, board, Role::stick).passed());
  }
}

}  // namespace
}  // namespace trxkit::kernel
