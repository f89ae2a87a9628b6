// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/embed.h"

#include <gmock/gmock.h>

#include "lib/kernel/command_line.h"
#include "lib/kernel/initramfs.h"
#include "lib/kernel/raw.h"

#include "tests/unit/kernel_fixture.h"
#include "tests/unit/scratch.h"

namespace trxkit::kernel {
namespace {

using ::testing::HasSubstr;

constexpr std::uint64_t kRam = 64 << 20;

class EmbedTest : public test::Scratch {
 public:
  EmbedTest() {
    shell(
        "mkdir tree && printf '#!/bin/sh\\n' > tree/init && mkdir tree/dev && cd tree && "
        "find . | sort | cpio -o -H newc --quiet > ../initramfs.cpio && cd .. && "
        "gzip -9n < initramfs.cpio > initramfs.gz && "
        "xz --check=crc32 --lzma2=dict=1MiB < initramfs.cpio > initramfs.xz");
  }

  Result<EmbedResult> embed(const test::KernelFixture& kernel, const std::string& initramfs,
                            const EmbedRequest& request) {
    InputFile file = TRY(InputFile::open(write("vmlinux", kernel.bytes()), env));
    KernelElf elf = TRY(read_kernel(file));
    InputFile archive = TRY(InputFile::open(path(initramfs), env));
    OutputFile output = TRY(OutputFile::create(path("out.elf")));
    EmbedResult result = TRY(embed_initramfs(file, elf, archive, request, output));
    TRY(output.commit());
    return result;
  }
  Result<EmbedResult> embed(const EmbedRequest& request = {"console=ttyS0", kRam}) {
    return embed(test::sound_kernel(), "initramfs.gz", request);
  }
  void expect_refused(const Result<EmbedResult>& result, Code code, const std::string& what) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, code);
    EXPECT_THAT(result.error().what, HasSubstr(what));
    EXPECT_FALSE(result.error().hint.empty());
    EXPECT_FALSE(exists("out.elf"));
  }
  /// The bytes that the kernel will find at a virtual address of out.elf, the GNU tools' view.
  std::string memory(std::uint64_t address, std::uint64_t size) {
    InputFile file = InputFile::open(path("out.elf"), env).value();
    KernelElf elf = read_kernel(file).value();
    std::string image;
    EXPECT_TRUE(write_raw(file, elf, [&](Bytes bytes) -> Status {
      image += as_text(bytes);
      return {};
    }));
    return image.substr(address - elf.load_start(), size);
  }
};

TEST_F(EmbedTest, TakesASpareProgramHeader) {
  auto result = embed({"console=ttyS0,115200 mem=64M", kRam});
  ASSERT_TRUE(result) << result.error().what;
  // Behind the bss at 0x80008000, at a multiple of the largest page size.
  EXPECT_EQ(result->initramfs_address, 0x80010000u);
  EXPECT_EQ(result->initramfs_size, read("initramfs.gz").size());
  EXPECT_THAT(result->report, HasSubstr("program header 2"));
  std::string line = fmt::format("rd_start=0x80010000 rd_size={:#x} console=ttyS0,115200 mem=64M",
                                 result->initramfs_size);
  EXPECT_EQ(result->command_line, line);
  EXPECT_EQ(memory(0x80003000, 4096), line + std::string(4096 - line.size(), '\0'));
  EXPECT_EQ(memory(0x80010000, result->initramfs_size), read("initramfs.gz"));
  EXPECT_THAT(
      shell("readelf -lW out.elf"),
      HasSubstr("LOAD           0x006000 0x80010000 0x80010000 0x01000 0x01000 RW  0x1000"));
}

TEST_F(EmbedTest, RestOfTheKernelIsUnchanged) {
  ASSERT_TRUE(embed());
  std::string before = read("vmlinux");
  std::string after = read("out.elf");
  ASSERT_GT(after.size(), before.size());
  EXPECT_EQ(after.size() % 4096, 0u);
  std::size_t note = 52 + 2 * 32;
  std::size_t line = 0x1000 + 0x2000;
  for (std::size_t i = 0; i < before.size(); ++i) {
    bool changed = (i >= note && i < note + 32) || (i >= line && i < line + 4096);
    ASSERT_TRUE(changed || before[i] == after[i]) << i;
  }
}

TEST_F(EmbedTest, TheResultIsWhatWasReported) {
  auto result = embed(test::sound_kernel(), "initramfs.xz", {"mem=64M", kRam});
  ASSERT_TRUE(result);
  InputFile file = InputFile::open(path("out.elf"), env).value();
  KernelElf elf = read_kernel(file).value();
  ASSERT_EQ(elf.segments.size(), result->elf.segments.size());
  for (std::size_t i = 0; i < elf.segments.size(); ++i) {
    EXPECT_EQ(elf.segments[i].type, result->elf.segments[i].type);
    EXPECT_EQ(elf.segments[i].offset, result->elf.segments[i].offset);
    EXPECT_EQ(elf.segments[i].physical_address, result->elf.segments[i].physical_address);
    EXPECT_EQ(elf.segments[i].memory_size, result->elf.segments[i].memory_size);
    EXPECT_EQ(elf.segments[i].header_offset, result->elf.segments[i].header_offset);
  }
  auto found = find_initramfs(file, elf).value();
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->built_in);
  EXPECT_EQ(found->packing, Packing::xz);
  EXPECT_EQ(found->unpacked_size, read("initramfs.cpio").size());
  EXPECT_TRUE(found->holds("init"));
  EXPECT_TRUE(found->holds("dev"));
  EXPECT_FALSE(found->holds("sbin/init"));
  EXPECT_EQ(parameter(built_in_command_line(file, elf)->value(), "mem"), "64M");
}

TEST_F(EmbedTest, WithoutASpareHeaderTheTableMoves) {
  auto kernel = test::sound_kernel();
  std::erase_if(kernel.segments, [](const auto& segment) { return segment.type != 1; });
  auto result = embed(kernel, "initramfs.gz", {"", kRam});
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_THAT(result->report, HasSubstr("moved"));
  EXPECT_EQ(memory(0x80010000, result->initramfs_size), read("initramfs.gz"));
  InputFile file = InputFile::open(path("out.elf"), env).value();
  KernelElf elf = read_kernel(file).value();
  ASSERT_EQ(elf.segments.size(), 2u);
  EXPECT_EQ(elf.segments[1].header_offset, result->elf.segments[1].header_offset);
  EXPECT_THAT(shell("readelf -hlW out.elf"), HasSubstr("Number of program headers:         2"));
  EXPECT_TRUE(elf.symbols.find("arcs_cmdline"));
}

TEST_F(EmbedTest, SameInputsSameBytes) {
  ASSERT_TRUE(embed());
  std::string first = read("out.elf");
  ASSERT_TRUE(embed());
  EXPECT_EQ(read("out.elf"), first);
}

TEST_F(EmbedTest, ToAPipe) {
  InputFile file = InputFile::open(write("vmlinux", test::sound_kernel().bytes()), env).value();
  InputFile archive = InputFile::open(path("initramfs.gz"), env).value();
  shell("mkfifo pipe; cat pipe > copy & :");
  {
    OutputFile output = OutputFile::create(path("pipe")).value();
    ASSERT_TRUE(
        embed_initramfs(file, read_kernel(file).value(), archive, {"console=ttyS0", kRam}, output));
    ASSERT_TRUE(output.commit());
  }
  ASSERT_TRUE(embed());
  shell(
      "i=0; until cmp -s copy out.elf || test $i = 50; do sleep 0.1; i=$((i+1)); done; "
      "cmp copy out.elf");
}

TEST_F(EmbedTest, StrippedKernelIsRefusedWithTheCure) {
  auto kernel = test::sound_kernel();
  kernel.symbols.clear();
  auto result = embed(kernel, "initramfs.gz", {"", kRam});
  expect_refused(result, Code::bad_input, "arcs_cmdline");
  EXPECT_THAT(result.error().hint, HasSubstr("CONFIG_INITRAMFS_SOURCE"));
}

TEST_F(EmbedTest, CommandLineHasToFit) {
  std::string prefix =
      fmt::format("rd_start=0x80010000 rd_size={:#x} ", read("initramfs.gz").size());
  EmbedRequest request{std::string(4095 - prefix.size(), 'x'), kRam};
  EXPECT_TRUE(embed(request));
  std::filesystem::remove(path("out.elf"));
  request.command_line += 'x';
  auto result = embed(request);
  expect_refused(result, Code::does_not_fit, "1 more than");
}

TEST_F(EmbedTest, RamHasToBeLargeEnough) {
  EXPECT_TRUE(embed({"", 0x11000}));
  std::filesystem::remove(path("out.elf"));
  expect_refused(embed({"", 0x11000 - 1}), Code::does_not_fit, "1 B beyond the RAM");
}

TEST_F(EmbedTest, KernelsThatWouldNotUseItAreRefused) {
  auto without_initrd = test::sound_kernel();
  auto& text = without_initrd.segments[1].contents;
  text.replace(text.find("rd_start"), 8, "xx_start");
  expect_refused(embed(without_initrd, "initramfs.gz", {"", kRam}), Code::bad_input, "rd_start");

  auto big_endian = test::sound_kernel();
  big_endian.big_endian = true;
  expect_refused(embed(big_endian, "initramfs.gz", {"", kRam}), Code::bad_input, "little-endian");

  auto elsewhere = test::sound_kernel(0x00400000);
  expect_refused(embed(elsewhere, "initramfs.gz", {"", kRam}), Code::bad_input, "KSEG0");

  auto in_bss = test::sound_kernel();
  in_bss.symbols[0].address = 0x80005000;
  expect_refused(embed(in_bss, "initramfs.gz", {"", kRam}), Code::bad_input, "outside of the file");
}

TEST_F(EmbedTest, NotTwice) {
  ASSERT_TRUE(embed());
  std::filesystem::rename(path("out.elf"), path("once.elf"));
  InputFile file = InputFile::open(path("once.elf"), env).value();
  InputFile archive = InputFile::open(path("initramfs.gz"), env).value();
  OutputFile output = OutputFile::create(path("out.elf")).value();
  auto result = embed_initramfs(file, read_kernel(file).value(), archive, {"", kRam}, output);
  expect_refused(result, Code::bad_input, "already carries");
}

TEST_F(EmbedTest, InitramfsHasToBeOne) {
  write("text", "no archive");
  expect_refused(embed(test::sound_kernel(), "text", {"", kRam}), Code::bad_input, "newc");
  write("text", "");
  expect_refused(embed(test::sound_kernel(), "text", {"", kRam}), Code::bad_input, "newc");
  shell("xz --check=crc64 < initramfs.cpio > crc64.xz");  // xz's own default
  expect_refused(embed(test::sound_kernel(), "crc64.xz", {"", kRam}), Code::bad_input, "CRC-64");
}

TEST_F(EmbedTest, ConfigurationDecidesWhatItCanUnpack) {
  write("config", "CONFIG_RD_GZIP=y\n# CONFIG_RD_XZ is not set\n");
  shell("gzip -9n < config > config.gz");
  auto kernel = test::sound_kernel();
  auto& text = kernel.segments[1].contents;
  std::string config = "IKCFG_ST" + read("config.gz") + "IKCFG_ED";
  text.replace(0x500, config.size(), config);
  EXPECT_TRUE(embed(kernel, "initramfs.gz", {"", kRam}));
  std::filesystem::remove(path("out.elf"));
  auto result = embed(kernel, "initramfs.xz", {"", kRam});
  expect_refused(result, Code::bad_input, "packed with xz");
  EXPECT_THAT(result.error().hint, HasSubstr("CONFIG_RD_XZ=y"));
}

}  // namespace
}  // namespace trxkit::kernel
