// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include <gmock/gmock.h>

#include "tests/unit/kernel/check_fixture.h"

namespace trxkit::kernel {
namespace {

using ::testing::HasSubstr;
using CheckLayout = CheckTest;

TEST_F(CheckLayout, WrongProcessor) {
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

TEST_F(CheckLayout, WrongKindOfFile) {
  kernel.type = 1;
  EXPECT_EQ(codes(), "ELF004");
  kernel.type = 2;
  kernel.segments[0].type = 3;
  EXPECT_EQ(codes(), "ELF006");
}

TEST_F(CheckLayout, AbiAndInstructionSet) {
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

TEST_F(CheckLayout, NothingToLoad) {
  kernel.segments.erase(kernel.segments.begin() + 1);
  EXPECT_EQ(codes(), "ELF007");
}

TEST_F(CheckLayout, SegmentsOutsideOfKseg0) {
  kernel.segments.push_back({.address = 0x00400000, .contents = "headers"});
  EXPECT_EQ(codes(), "ELF008 ELF029");
  kernel.segments.back().address = 0x9ffff000;
  kernel.segments.back().bss = 0x1000;
  EXPECT_EQ(codes(), "ELF008");
}

TEST_F(CheckLayout, RamEndsWhereTheBoardSays) {
  kernel.segments.push_back({.address = 0x83fff000, .contents = std::string(4096, 'x')});
  EXPECT_EQ(codes(), "");
  kernel.segments.back().bss = 1;
  EXPECT_EQ(codes(), "ELF009");
  EXPECT_THAT(message(), HasSubstr("1 B past the RAM"));
}

TEST_F(CheckLayout, Overlap) {
  kernel.segments.push_back({.address = 0x80008000, .contents = "x"});
  EXPECT_EQ(codes(), "");
  kernel.segments[1].bss += 1;
  EXPECT_EQ(codes(), "ELF010");
}

TEST_F(CheckLayout, PageAlignmentMattersToKexecAlone) {
  kernel.segments.push_back({.address = 0x80009004, .contents = "x"});
  EXPECT_EQ(codes(Role::stick), "ELF011");
  EXPECT_EQ(codes(Role::flash), "");
}

TEST_F(CheckLayout, NumberOfSegments) {
  for (std::uint64_t i = 0; i < 13; ++i) {
    kernel.segments.push_back({.address = 0x80010000 + 0x1000 * i, .contents = "x"});
  }
  EXPECT_EQ(codes(), "");
  kernel.segments.push_back({.address = 0x80100000, .contents = "x"});
  EXPECT_EQ(codes(), "ELF012");
}

TEST_F(CheckLayout, EntryPoint) {
  kernel.entry = 0x80005000;  // bss
  EXPECT_EQ(codes(), "ELF013");
  kernel.entry = 0x80000ffc;
  EXPECT_EQ(codes(), "ELF013");
  kernel.entry = 0x80004ffc;
  EXPECT_EQ(codes(), "");
  load->flags = 6;
  EXPECT_EQ(codes(), "ELF013");
}

TEST_F(CheckLayout, HalfOfTheRam) {
  load->bss = 15 << 20;
  EXPECT_EQ(codes(), "");
  load->bss = 20 << 20;
  EXPECT_EQ(codes(), "ELF015");
  load->bss = 29 << 20;
  EXPECT_EQ(codes(), "ELF014");
  EXPECT_EQ(codes(Role::flash), "");
}

TEST_F(CheckLayout, BootLoaderWindow) {
  load->bss = 0;
  load->contents.resize(0x80700000 - 0x80001000);
  EXPECT_EQ(codes(Role::flash), "");
  load->contents.push_back('x');
  EXPECT_EQ(codes(Role::flash), "ELF016");
  EXPECT_THAT(message(), HasSubstr("over by 1 byte: the boot loader is at"));
  EXPECT_EQ(codes(Role::stick), "");
  EXPECT_FALSE(findings.has("ELF017"));
}

TEST_F(CheckLayout, FallbackKernelIsStartedByKexec) {
  set_command_line("mem=64M");
  EXPECT_EQ(codes(Role::fallback), "");
  EXPECT_FALSE(findings.has("ELF017"));
  load->contents.resize(0x80700000 - 0x80001000 + 1);
  EXPECT_EQ(codes(Role::fallback), "");
  load->bss = 29 << 20;
  EXPECT_EQ(codes(Role::fallback), "ELF014");
}

TEST_F(CheckLayout, LinkAddress) {
  kernel = test::sound_kernel(0x80100000);
  EXPECT_EQ(codes(Role::flash), "ELF018");
  EXPECT_EQ(codes(Role::stick), "ELF029");
}

TEST_F(CheckLayout, VirtualAndPhysicalAddresses) {
  kernel.segments.push_back({.address = 0x80010000, .contents = "x"});
  EXPECT_EQ(codes(), "");
  kernel.segments.back().physical_address = 0x80011000;
  EXPECT_EQ(codes(), "ELF051");
}

TEST_F(CheckLayout, AddressesThatWrapAround) {
  kernel.segments.push_back({.address = 0xfffff000, .contents = "x", .bss = 0x2000});
  EXPECT_EQ(codes(), "ELF008");
  EXPECT_THAT(message(), HasSubstr("0x100001001"));
}

TEST_F(CheckLayout, MoreSegmentsThanAnyKernelHas) {
  for (std::uint64_t i = 0; i < 60000; ++i) {
    kernel.segments.push_back({.type = 1, .address = 0x80010000, .contents = "", .bss = 1});
  }
  EXPECT_EQ(codes(), "ELF012");
  EXPECT_EQ(codes(Role::flash), "ELF012");
}

TEST_F(CheckLayout, BytesBehindTheEnd) {
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

TEST_F(CheckLayout, SmallRouters) {
  load->bss = 6 << 20;
  EXPECT_EQ(codes(), "");
  board.ram_size.value = 32 << 20;
  EXPECT_EQ(codes(), "ELF015");
  load->bss = 4 << 20;
  EXPECT_EQ(codes(), "");
}

TEST_F(CheckLayout, MoreBytesInTheFileThanInMemory) {
  kernel.segments.push_back({.address = 0x80010000, .contents = "0123", .bss = ~0ULL});
  EXPECT_EQ(codes(), "ELF027");
}

}  // namespace
}  // namespace trxkit::kernel
