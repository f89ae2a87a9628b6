// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/check.h"

#include <gmock/gmock.h>

#include "lib/kernel/embed.h"

#include "tests/unit/kernel_fixture.h"
#include "tests/unit/scratch.h"

namespace trxkit::kernel {
namespace {

using ::testing::HasSubstr;

class CheckTest : public test::Scratch {
 public:
  CheckTest() {
    board.name = "a-router";
    board.model = "A Router";
    board.ram_size.value = 64 << 20;
    board.boot_loader.base.value = 0x80700000;
    board.kernel.load_address.value = 0x80001000;
    board.kernel.machine = "bcm47xx";
    kernel = test::sound_kernel();
    load = &kernel.segments[1];
  }

  /// All codes but those on a sound kernel (no configuration inside, boots by CFE too), joined.
  std::string codes(Role role = Role::stick, const Surroundings& surroundings = {}) {
    InputFile file = InputFile::open(write("vmlinux", kernel.bytes()), env).value();
    KernelElf elf = read_kernel(file).value();
    findings = check_kernel(file, elf, board, role, surroundings).value();
    std::string text;
    for (const Finding& finding : findings.list()) {
      EXPECT_EQ(finding.where.file, path("vmlinux"));
      if (finding.code == "ELF024" || finding.code == "ELF017") continue;
      text += (text.empty() ? "" : " ") + finding.code;
    }
    return text;
  }
  std::string message() const {
    return findings.list().empty() ? "" : findings.list().front().message;
  }
  std::string hint() const { return findings.list().empty() ? "" : findings.list().front().hint; }
  void set_banner(std::string banner) {
    constexpr std::size_t kPlace = 1025, kRoom = 68;  // of the fixture's own
    banner.resize(kRoom, '\0');
    load->contents.replace(kPlace, kRoom, banner);
  }
  void set_command_line(const std::string& text) {
    std::uint64_t offset = kernel.symbols.front().address - load->address;
    load->contents.replace(offset, text.size() + 1, text + '\0');
  }
  void set_config(const std::string& text) {
    write("config", text);
    shell("gzip -9n < config > config.gz");
    std::string config = "IKCFG_ST" + read("config.gz") + "IKCFG_ED";
    load->contents.replace(0x500, config.size(), config);
  }

  board::Board board;
  test::KernelFixture kernel;
  test::FixtureSegment* load = nullptr;
  Findings findings;
};

TEST_F(CheckTest, SoundKernelPassesInBothRoles) {
  EXPECT_EQ(codes(Role::stick), "");
  EXPECT_TRUE(findings.has("ELF017"));
  EXPECT_TRUE(findings.has("ELF024"));
  EXPECT_TRUE(findings.passed(true));
  EXPECT_EQ(codes(Role::flash), "");
}

TEST_F(CheckTest, WrongProcessor) {
  kernel.is_64_bit = true;
  EXPECT_EQ(codes(), "ELF001");
  kernel.big_endian = true;
  EXPECT_EQ(codes(), "ELF001 ELF002");
  kernel.is_64_bit = false;
  EXPECT_EQ(codes(), "ELF002");
  EXPECT_THAT(message(), HasSubstr("big-endian"));
  kernel.big_endian = false;
  kernel.machine = 62;
  EXPECT_EQ(codes(), "ELF003");
}

TEST_F(CheckTest, WrongKindOfFile) {
  kernel.type = 1;
  EXPECT_EQ(codes(), "ELF004");
  kernel.type = 2;
  kernel.segments[0].type = 3;
  EXPECT_EQ(codes(), "ELF006");
}

TEST_F(CheckTest, AbiAndInstructionSet) {
  for (std::uint32_t flags : {0x50001001u, 0x70001001u, 0x70001003u, 0x70000001u}) {
    kernel.flags = flags;
    EXPECT_EQ(codes(), "") << std::hex << flags;
  }
  // R6, MIPS64, o64, n32, microMIPS, MIPS I.
  for (std::uint32_t flags :
       {0x90001001u, 0x60001001u, 0x70002001u, 0x70001021u, 0x72001001u, 1u}) {
    kernel.flags = flags;
    EXPECT_EQ(codes(), "ELF005") << std::hex << flags;
  }
}

TEST_F(CheckTest, NothingToLoad) {
  kernel.segments.erase(kernel.segments.begin() + 1);
  EXPECT_EQ(codes(), "ELF007");
}

TEST_F(CheckTest, SegmentsOutsideOfKseg0) {
  kernel.segments.push_back({.address = 0x00400000, .contents = "headers"});
  EXPECT_EQ(codes(), "ELF008 ELF029");
  kernel.segments.back().address = 0x9ffff000;
  kernel.segments.back().bss = 0x1000;
  EXPECT_EQ(codes(), "ELF008");
}

TEST_F(CheckTest, RamEndsWhereTheBoardSays) {
  kernel.segments.push_back({.address = 0x83fff000, .contents = std::string(4096, 'x')});
  EXPECT_EQ(codes(), "");
  kernel.segments.back().bss = 1;
  EXPECT_EQ(codes(), "ELF009");
  EXPECT_THAT(message(), HasSubstr("1 B past the RAM"));
}

TEST_F(CheckTest, Overlap) {
  kernel.segments.push_back({.address = 0x80008000, .contents = "x"});
  EXPECT_EQ(codes(), "");
  kernel.segments[1].bss += 1;
  EXPECT_EQ(codes(), "ELF010");
}

TEST_F(CheckTest, PageAlignmentMattersToKexecAlone) {
  kernel.segments.push_back({.address = 0x80009004, .contents = "x"});
  EXPECT_EQ(codes(Role::stick), "ELF011");
  EXPECT_EQ(codes(Role::flash), "");
}

TEST_F(CheckTest, NumberOfSegments) {
  for (std::uint64_t i = 0; i < 13; ++i) {
    kernel.segments.push_back({.address = 0x80010000 + 0x1000 * i, .contents = "x"});
  }
  EXPECT_EQ(codes(), "");
  kernel.segments.push_back({.address = 0x80100000, .contents = "x"});
  EXPECT_EQ(codes(), "ELF012");
}

TEST_F(CheckTest, EntryPoint) {
  kernel.entry = 0x80005000;  // bss
  EXPECT_EQ(codes(), "ELF013");
  kernel.entry = 0x80000ffc;
  EXPECT_EQ(codes(), "ELF013");
  kernel.entry = 0x80004ffc;
  EXPECT_EQ(codes(), "");
  load->flags = 6;
  EXPECT_EQ(codes(), "ELF013");
}

TEST_F(CheckTest, HalfOfTheRam) {
  load->bss = 15 << 20;
  EXPECT_EQ(codes(), "");
  load->bss = 20 << 20;
  EXPECT_EQ(codes(), "ELF015");
  load->bss = 29 << 20;
  EXPECT_EQ(codes(), "ELF014");
  EXPECT_EQ(codes(Role::flash), "");
}

TEST_F(CheckTest, BootLoaderWindow) {
  load->bss = 0;
  load->contents.resize(0x80700000 - 0x80001000);
  EXPECT_EQ(codes(Role::flash), "");
  load->contents.push_back('x');
  EXPECT_EQ(codes(Role::flash), "ELF016");
  EXPECT_THAT(message(), HasSubstr("over by 1 byte: the boot loader is at"));
  EXPECT_EQ(codes(Role::stick), "");
  EXPECT_FALSE(findings.has("ELF017"));
}

TEST_F(CheckTest, LinkAddress) {
  kernel = test::sound_kernel(0x80100000);
  EXPECT_EQ(codes(Role::flash), "ELF018");
  EXPECT_EQ(codes(Role::stick), "ELF029");
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

TEST_F(CheckTest, VirtualAndPhysicalAddresses) {
  kernel.segments.push_back({.address = 0x80010000, .contents = "x"});
  EXPECT_EQ(codes(), "");
  kernel.segments.back().physical_address = 0x80011000;
  EXPECT_EQ(codes(), "ELF051");
}

TEST_F(CheckTest, AddressesThatWrapAround) {
  kernel.segments.push_back({.address = 0xfffff000, .contents = "x", .bss = 0x2000});
  EXPECT_EQ(codes(), "ELF008");
  EXPECT_THAT(message(), HasSubstr("0x100001001"));
}

TEST_F(CheckTest, MoreSegmentsThanAnyKernelHas) {
  for (std::uint64_t i = 0; i < 60000; ++i) {
    kernel.segments.push_back({.type = 1, .address = 0x80010000, .contents = "", .bss = 1});
  }
  EXPECT_EQ(codes(), "ELF012");
  EXPECT_EQ(codes(Role::flash), "ELF012");
}

TEST_F(CheckTest, BytesBehindTheEnd) {
  std::string whole = kernel.bytes();
  for (auto [more, expected] : {std::pair{0, false}, {1, true}, {4096, true}}) {
    InputFile file =
        InputFile::open(write("vmlinux", whole + std::string(static_cast<std::size_t>(more), '\0')),
                        env)
            .value();
    auto found = check_kernel(file, read_kernel(file).value(), board, Role::stick).value();
    EXPECT_EQ(found.has("ELF045"), expected) << more;
    EXPECT_TRUE(found.passed(true));
  }
}

TEST_F(CheckTest, SmallRouters) {
  load->bss = 6 << 20;
  EXPECT_EQ(codes(), "");
  board.ram_size.value = 32 << 20;
  EXPECT_EQ(codes(), "ELF015");
  load->bss = 4 << 20;
  EXPECT_EQ(codes(), "");
}

TEST_F(CheckTest, SelfExtractingKernel) {
  load->contents.replace(load->contents.find("Linux version"), 5, "Minix");
  load->contents.replace(0x600, 26, "Now, booting the kernel...");
  EXPECT_EQ(codes(), "ELF044");
  set_banner("Linux version 6.1.0 (a@b) #1");  // its own text in a whole kernel proves nothing
  EXPECT_EQ(codes(), "");
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
  board.facts.push_back({.key = "cpu.model", .value = "MIPS 74Kc", .source = ""});
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

TEST_F(CheckTest, MoreBytesInTheFileThanInMemory) {
  kernel.segments.push_back({.address = 0x80010000, .contents = "0123", .bss = ~0ULL});
  EXPECT_EQ(codes(), "ELF027");
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
