// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/command_line.h"

#include <gtest/gtest.h>

#include "tests/unit/kernel_fixture.h"
#include "tests/unit/scratch.h"

namespace trxkit::kernel {
namespace {

class CommandLineTest : public test::Scratch {
 public:
  CommandLineTest() { kernel = test::sound_kernel(); }
  std::string& text() { return kernel.segments[1].contents; }
  void put(std::size_t offset, const std::string& what) {
    text().replace(offset, what.size(), what);
  }
  void set_config(const std::string& contents) {
    write("config", contents);
    shell("gzip -9n < config > config.gz");
    put(0x500, "IKCFG_ST" + read("config.gz") + "IKCFG_ED");
  }
  std::optional<std::string> line() {
    InputFile file = InputFile::open(write("vmlinux", kernel.bytes()), env).value();
    return built_in_command_line(file, read_kernel(file).value()).value();
  }
  test::KernelFixture kernel;
};

TEST_F(CommandLineTest, FromTheConfiguration) {
  put(0x600, "console=ttyS0 a=\"b c\"");
  set_config("CONFIG_CMDLINE_BOOL=y\nCONFIG_CMDLINE=\"console=ttyS0 a=\\\"b c\\\"\"\n");
  EXPECT_EQ(line(), "console=ttyS0 a=\"b c\"");
}

TEST_F(CommandLineTest, FromTheSymbolFirst) {
  set_config("CONFIG_CMDLINE=\"from the configuration\"\n");
  kernel.symbols.push_back({"builtin_cmdline", 0x80001700, 4096});
  put(0x700, "from the symbol");
  EXPECT_EQ(line(), "from the symbol");
}

TEST_F(CommandLineTest, FromTheDataOfAStrippedKernel) {
  kernel.symbols.clear();
  put(0x600, "console=ttyS0,%d");
  put(0x620, " console=ttyS0,38400");
  put(0x640, "use console=tty\nand so on");
  EXPECT_FALSE(line());
  put(0x680, "noinitrd console=ttyS0,115200");
  EXPECT_EQ(line(), "noinitrd console=ttyS0,115200");
}

// embed_initramfs() leaves the configuration as it is, and zeros where the text was longer.
TEST_F(CommandLineTest, ThatTookThePlaceOfTheConfigured) {
  kernel.symbols.clear();
  set_config("CONFIG_CMDLINE=\"console=ttyS0,115200 room=0123456789\"\n");
  auto put_line = [&](std::size_t offset, std::string what) {
    what.resize(48);
    put(offset, what);
  };
  put_line(0x600, "console=ttyS0,115200 room=0123456789");
  put_line(0x680, "console=ttyS0");  // another text of the kernel's
  EXPECT_EQ(line(), "console=ttyS0,115200 room=0123456789");
  put_line(0x600, "mem=64M console=ttyS0");
  EXPECT_EQ(line(), std::nullopt);  // which of the two
  put(0x680, "console=ttyS0" + std::string(1, '\0') + "behind");
  EXPECT_EQ(line(), "mem=64M console=ttyS0");
  put_line(0x600, "something else");
  EXPECT_EQ(line(), std::nullopt);
}

// linux arch/mips/kernel/setup.c, bootcmdline_init().
TEST_F(CommandLineTest, JoinedAsTheKernelDoes) {
  put(0x2000, "rd_start=0x80010000");  // arcs_cmdline
  put(0x600, "console=ttyS0");
  std::string built_in = "CONFIG_CMDLINE=\"console=ttyS0\"\nCONFIG_CMDLINE_BOOL=y\n";
  set_config(built_in);
  EXPECT_EQ(line(), "rd_start=0x80010000 console=ttyS0");
  set_config(built_in + "CONFIG_MIPS_CMDLINE_BUILTIN_EXTEND=y\n");
  EXPECT_EQ(line(), "console=ttyS0 rd_start=0x80010000");
  set_config(built_in + "CONFIG_CMDLINE_OVERRIDE=y\n");
  EXPECT_EQ(line(), "console=ttyS0");
  set_config("CONFIG_MODULES=y\n");
  EXPECT_EQ(line(), "rd_start=0x80010000");
}

TEST(Parameter, LastOneWins) {
  EXPECT_EQ(parameter("root=/dev/a ro root=/dev/b", "root"), "/dev/b");
  EXPECT_EQ(parameter("xroot=/dev/a rootwait", "root"), std::nullopt);
  EXPECT_EQ(parameter("root=", "root"), "");
  EXPECT_EQ(parameter("a=\"b c\" d", "a"), "b c");
  EXPECT_EQ(parameter("mem=32M -- mem=64M", "mem"), "32M");
  EXPECT_EQ(parameter("", "mem"), std::nullopt);
}

TEST(CommandLine, StatesMemoryAndPanicTimeOut) {
  board::Board board;
  board.ram_size.value = 64 << 20;
  board.kernel.command_line = "console=ttyS0";
  EXPECT_EQ(complete_command_line("", board), "mem=64M panic=10 console=ttyS0");
  EXPECT_EQ(complete_command_line("quiet", board), "mem=64M panic=10 quiet");
  EXPECT_EQ(complete_command_line("quiet mem=32M", board), "panic=10 quiet mem=32M");
  EXPECT_EQ(complete_command_line("xmem=1", board), "mem=64M panic=10 xmem=1");
  EXPECT_EQ(complete_command_line("mem=32M panic=3", board), "mem=32M panic=3");
  board.kernel.command_line = "";
  board.ram_size.value = 1000;
  EXPECT_EQ(complete_command_line("", board), "mem=1000 panic=10");
}

TEST(KernelConfig, ValuesAsKconfigWritesThem) {
  auto config = KernelConfig::parse(
      "#\n# Linux/mips 6.1.192\nCONFIG_A=y\nCONFIG_B=m\n# CONFIG_C is not set\nCONFIG_D=0x10\n"
      "CONFIG_E=\"x \\\"y\\\" \\\\\"\nnonsense\nCONFIG_F\nCONFIG_A=m");
  EXPECT_TRUE(config.enabled("A"));
  EXPECT_FALSE(config.built_in("A"));
  EXPECT_TRUE(config.enabled("B"));
  EXPECT_FALSE(config.enabled("C"));
  EXPECT_EQ(*config.find("C"), "n");
  EXPECT_EQ(*config.find("D"), "0x10");
  EXPECT_EQ(*config.find("E"), "x \"y\" \\");
  EXPECT_EQ(config.find("F"), nullptr);
  EXPECT_EQ(config.find("G"), nullptr);
}

}  // namespace
}  // namespace trxkit::kernel
