// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/elf.h"

#include <gmock/gmock.h>

#include "lib/kernel/raw.h"

#include "tests/unit/kernel_fixture.h"
#include "tests/unit/scratch.h"

namespace trxkit::kernel {
namespace {

using ::testing::HasSubstr;

class KernelElfTest : public test::Scratch {
 public:
  InputFile open(const std::string& contents) {
    return InputFile::open(write("vmlinux", contents), env).value();
  }
  Result<KernelElf> parse(const std::string& contents) { return read_kernel(open(contents)); }
};

TEST_F(KernelElfTest, HeadersOfBothWordSizesAndByteOrders) {
  for (bool is_64_bit : {false, true}) {
    for (bool big_endian : {false, true}) {
      auto fixture = test::sound_kernel();
      fixture.is_64_bit = is_64_bit;
      fixture.big_endian = big_endian;
      InputFile file = open(fixture.bytes());
      auto elf = read_kernel(file);
      ASSERT_TRUE(elf) << elf.error().what;
      EXPECT_EQ(elf->elf_class, is_64_bit ? 2 : 1);
      EXPECT_EQ(elf->data, big_endian ? 2 : 1);
      EXPECT_EQ(elf->machine, 8);
      EXPECT_EQ(elf->type, 2);
      EXPECT_EQ(elf->flags, 0x70001001u);
      EXPECT_EQ(elf->entry, 0x80001400u);
      ASSERT_EQ(elf->segments.size(), 3u);
      EXPECT_EQ(elf->load_start(), 0x80001000u);
      EXPECT_EQ(elf->load_end(), 0x80001000u + 0x7000);
      EXPECT_TRUE(elf->has_symbol_table);
      EXPECT_EQ(elf->symbols.source, SymbolSource::symbol_table);
      auto symbol = elf->symbols.find("arcs_cmdline");
      ASSERT_TRUE(symbol);
      EXPECT_EQ(symbol->address, 0x80003000u);
      EXPECT_EQ(symbol->size, 4096u);
      EXPECT_FALSE(elf->symbols.find("arcs_cmd"));
    }
  }
}

TEST_F(KernelElfTest, ReadelfSeesTheSameHeaders) {
  write("vmlinux", test::sound_kernel().bytes());
  EXPECT_THAT(shell("readelf -lsW vmlinux"), HasSubstr("arcs_cmdline"));
}

TEST_F(KernelElfTest, FileOffsetsStayInsideTheFilePart) {
  auto elf = parse(test::sound_kernel().bytes()).value();
  std::uint64_t start = elf.loads()[0].offset;
  EXPECT_EQ(elf.file_offset(0x80001000, 16), start);
  EXPECT_EQ(elf.file_offset(0x80004fff, 1), start + 0x3fff);
  EXPECT_FALSE(elf.file_offset(0x80004fff, 2));  // bss
  EXPECT_FALSE(elf.file_offset(0x80000fff, 1));
  EXPECT_FALSE(elf.file_offset(0x80001000, ~0ULL));
}

TEST_F(KernelElfTest, StrippedFileHasNoSymbols) {
  auto fixture = test::sound_kernel();
  fixture.symbols.clear();
  InputFile file = open(fixture.bytes());
  auto elf = read_kernel(file).value();
  EXPECT_FALSE(elf.has_symbol_table);
  EXPECT_EQ(elf.symbols.source, SymbolSource::none);
  EXPECT_FALSE(elf.symbols.find("arcs_cmdline"));
}

TEST_F(KernelElfTest, OtherFormatsAreNamed) {
  using namespace std::string_literals;
  for (auto [contents, name] : std::vector<std::pair<std::string, std::string>>{
           {"\x1f\x8b\x08 rest", "gzip-compressed"},
           {"\xfd"
            "7zXZ\0 rest"s,
            "xz-compressed"},
           {"\x5d\0\0\x80\0 rest"s, "LZMA-compressed"},
           {"\x28\xb5\x2f\xfd rest", "zstd-compressed"},
           {"\x27\x05\x19\x56 rest", "uImage"},
           {"HDR0 rest", "TRX"},
           {std::string(4096, '\0'), "raw binary"},
           {"#!/bin/sh\n", "unknown format"},
           {"", "empty file"}}) {
    auto elf = parse(contents);
    ASSERT_FALSE(elf) << name;
    EXPECT_EQ(elf.error().code, Code::bad_input);
    EXPECT_THAT(elf.error().what, HasSubstr(name));
    EXPECT_FALSE(elf.error().hint.empty());
    EXPECT_EQ(elf.error().where.file, path("vmlinux"));
  }
}

// Every prefix, in steps of 64 bytes: a truncated copy is never taken for a kernel.
TEST_F(KernelElfTest, TruncatedFilesAreRefused) {
  for (bool is_64_bit : {false, true}) {
    auto fixture = test::sound_kernel();
    fixture.is_64_bit = is_64_bit;
    std::string whole = fixture.bytes();
    for (std::size_t size = 0; size < whole.size(); size += 64) {
      auto elf = parse(whole.substr(0, size));
      ASSERT_FALSE(elf) << size;
      EXPECT_EQ(elf.error().code, Code::bad_input);
    }
    EXPECT_FALSE(parse(whole.substr(0, whole.size() - 1)));
    EXPECT_TRUE(parse(whole));
  }
}

// Each byte of the headers set to 0xff and to its complement: an error or a result, never a
// crash, and everything behind read_kernel() works on the result.
TEST_F(KernelElfTest, DamagedHeadersEndInAnErrorOrAResult) {
  std::string whole = test::sound_kernel().bytes();
  std::size_t symbols = 5 * 4096;
  for (std::size_t at = 4; at < whole.size(); ++at) {
    if (at == 52 + 3 * 32) at = symbols;
    for (char value : {'\xff', static_cast<char>(~whole[at])}) {
      std::string broken = whole;
      broken[at] = value;
      InputFile file = open(broken);
      auto elf = read_kernel(file);
      if (!elf) continue;
      (void)find_banner(file, *elf);
      (void)raw_size(*elf);
      std::uint64_t written = 0;
      auto status = write_raw(file, *elf, [&](Bytes bytes) -> Status {
        written += bytes.size();
        return {};
      });
      EXPECT_TRUE(!status || written == raw_size(*elf)) << at;
    }
  }
}

TEST_F(KernelElfTest, ManyProgramHeaders) {
  std::string whole = test::sound_kernel().bytes();
  whole[44] = '\xff';
  whole[45] = '\xff';
  EXPECT_FALSE(parse(whole));
  whole[44] = '\xfe';
  EXPECT_FALSE(parse(whole));
  std::size_t table = whole.size();
  for (std::size_t i = 0; i < 4; ++i) whole[28 + i] = static_cast<char>(table >> (8 * i));
  EXPECT_FALSE(parse(whole));
  EXPECT_EQ(parse(whole + std::string(65534 * 32, '\0'))->segments.size(), 65534u);
}

TEST_F(KernelElfTest, RangesThatWrapAroundAreOutside) {
  auto fixture = test::sound_kernel();
  fixture.is_64_bit = true;
  std::string whole = fixture.bytes();
  std::size_t offset_field = 64 + 56 + 8;
  for (std::size_t i = 0; i < 8; ++i) whole[offset_field + i] = '\xff';
  auto elf = parse(whole);
  ASSERT_FALSE(elf);
  EXPECT_THAT(elf.error().what, HasSubstr("past the end of the file"));
  EXPECT_EQ(elf.error().where.offset, 64u + 56);
}

TEST_F(KernelElfTest, BannerAsTheKernelPrintsIt) {
  InputFile file = open(test::sound_kernel().bytes());
  EXPECT_EQ(find_banner(file, *read_kernel(file)),
            "Linux version 6.1.192 (builder@host) (gcc 12.2.0) #1 Fri Nov 20 2026");
}

TEST_F(KernelElfTest, FormatStringIsNoBanner) {
  test::KernelFixture fixture;
  fixture.segments = {{.address = 0x80001000, .contents = "Linux version %s (%s)\n"}};
  InputFile file = open(fixture.bytes());
  EXPECT_EQ(find_banner(file, *read_kernel(file)), "");
}

TEST_F(KernelElfTest, BannerAcrossBlocks) {
  for (std::size_t at = 256 * 1024 - 40; at < 256 * 1024 + 10; ++at) {
    test::KernelFixture fixture;
    fixture.segments = {
        {.address = 0x80001000, .contents = std::string(at, '.') + "Linux version 3.10.1\n"}};
    InputFile file = open(fixture.bytes());
    ASSERT_EQ(find_banner(file, *read_kernel(file)), "Linux version 3.10.1") << at;
  }
}

}  // namespace
}  // namespace trxkit::kernel
