// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Stripped kernels: an initramfs in place of the one inside, or found room by kallsyms.
#include <gmock/gmock.h>

#include "lib/kernel/embed.h"
#include "lib/kernel/initramfs.h"

#include "tests/unit/kallsyms_fixture.h"
#include "tests/unit/kernel_fixture.h"
#include "tests/unit/scratch.h"

namespace trxkit::kernel {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::uint64_t kLoad = 0x80001000;
constexpr std::uint64_t kArchive = kLoad + 0x4004;
constexpr std::uint64_t kRoom = 3000;
constexpr const char* kOwnLine = "console=ttyS0,115200 room=0123456789012345678901234567890";

class EmbedSpliceTest : public test::Scratch {
 public:
  EmbedSpliceTest() {
    shell(
        "mkdir tree && seq 1000 > tree/init && cd tree && echo init | cpio -o -H newc --quiet > "
        "../none && cd .. && gzip -9n < none > gzip && xz --check=crc32 < none > xz && "
        "xz --format=lzma < none > lzma && head -c 5000 /dev/urandom > tree/noise && cd tree && "
        "printf 'init\\nnoise\\n' | cpio -o -H newc --quiet > ../large && cd .. && "
        "mkdir old && head -c 2500 /dev/urandom > old/init && cd old && "
        "echo init | cpio -o -H newc --quiet > ../old.none && cd .. && "
        "xz --check=crc32 < old.none > old.xz && gzip -9n < old.none > old.gzip && "
        "xz --format=lzma < old.none > old.lzma");
  }

  /// A stripped kernel with the old archive inside, packed that way, and `config` (may be empty).
  test::KernelFixture kernel_with(const std::string& packing, const std::string& config = "") {
    auto kernel = test::sound_kernel(kLoad);
    kernel.symbols.clear();
    std::string& text = kernel.segments[1].contents;
    if (!config.empty()) {
      write("config", config);
      shell("gzip -9n < config > config.gz");
      std::string packed = "IKCFG_ST" + read("config.gz") + "IKCFG_ED";
      text.replace(0x800, packed.size(), packed);
    }
    text.replace(0x1900, std::string(kOwnLine).size() + 1, std::string(kOwnLine) + '\0');
    std::string archive = read("old." + packing);
    archive.resize(kRoom);
    text.resize(kArchive - kLoad);
    text += archive;
    while ((kLoad + text.size()) % 8 != 0) text.push_back('\0');
    for (unsigned i = 0; i < 4; ++i) text.push_back(static_cast<char>(kRoom >> (8 * i)));
    text += "the rest";
    return kernel;
  }
  static std::string config(const std::string& more) {
    return fmt::format("CONFIG_CMDLINE_BOOL=y\nCONFIG_CMDLINE=\"{}\"\nCONFIG_RD_GZIP=y\n{}",
                       kOwnLine, more);
  }

  Result<EmbedResult> embed(const test::KernelFixture& kernel, const std::string& initramfs,
                            const EmbedRequest& request) {
    InputFile file = TRY(InputFile::open(write("vmlinux", kernel.bytes()), env));
    InputFile archive = TRY(InputFile::open(path(initramfs), env));
    KernelElf elf = TRY(read_kernel(file));
    OutputFile output = TRY(OutputFile::create(path("out.elf")));
    EmbedResult result = TRY(embed_initramfs(file, elf, archive, request, output));
    TRY(output.commit());
    return result;
  }
  void expect_refused(const Result<EmbedResult>& result, Code code, const std::string& what) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, code);
    EXPECT_THAT(result.error().what, HasSubstr(what));
    EXPECT_FALSE(result.error().hint.empty());
    EXPECT_FALSE(exists("out.elf"));
  }
  /// What lies where the archive was, as other programs unpack it.
  std::string unpacked(const std::string& command, std::uint64_t size) {
    std::string after = read("out.elf");
    write("spliced", after.substr(0x1000 + kArchive - kLoad, size));
    shell(command + " < spliced > unpacked");
    return read("unpacked");
  }
};

TEST_F(EmbedSpliceTest, FitsAsItIs) {
  auto result = embed(kernel_with("gzip"), "gzip", {.command_line = "console=ttyS0,115200"});
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_EQ(result->way, EmbedWay::splice);
  EXPECT_EQ(result->initramfs_size, read("gzip").size());
  EXPECT_EQ(result->initramfs_address, kArchive);
  EXPECT_EQ(result->command_line, kOwnLine);
  EXPECT_EQ(unpacked("cat", result->initramfs_size), read("gzip"));
  std::string before = read("vmlinux");
  std::string after = read("out.elf");
  ASSERT_EQ(before.size(), after.size());
  std::size_t start = 0x1000 + kArchive - kLoad;
  EXPECT_EQ(after.substr(start + result->initramfs_size, kRoom - result->initramfs_size),
            std::string(kRoom - result->initramfs_size, '\0'));
  EXPECT_EQ(before.substr(0, start), after.substr(0, start));
  EXPECT_EQ(before.substr(start + kRoom), after.substr(start + kRoom));
}

TEST_F(EmbedSpliceTest, TheResultIsFoundAgain) {
  for (std::string packing : {"gzip", "xz", "lzma"}) {
    ASSERT_TRUE(embed(kernel_with(packing), "none", {})) << packing;
    InputFile file = InputFile::open(path("out.elf"), env).value();
    auto found = find_initramfs(file, read_kernel(file).value()).value();
    ASSERT_TRUE(found) << packing;
    EXPECT_EQ(found->address, kArchive);
    EXPECT_EQ(found->size, kRoom);
    EXPECT_EQ(name_of(found->packing), packing);
    EXPECT_EQ(found->unpacked_size, read("none").size());
    EXPECT_EQ(found->fault, "");
    EXPECT_TRUE(found->holds("init"));
  }
}

TEST_F(EmbedSpliceTest, IsPackedAsTheKernelCanRead) {
  // Without a configuration: as what is inside.
  auto result = embed(kernel_with("xz"), "lzma", {});
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_EQ(unpacked("xz -d", result->initramfs_size), read("none"));
  result = embed(kernel_with("lzma"), "gzip", {});
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_EQ(unpacked("xz --format=lzma -d", result->initramfs_size), read("none"));
  result = embed(kernel_with("gzip"), "xz", {});
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_EQ(unpacked("gzip -d", result->initramfs_size), read("none"));
  // With one: the packing of the file, if it is among those.
  result = embed(kernel_with("gzip", config("CONFIG_RD_XZ=y\n")), "xz", {});
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_EQ(unpacked("cat", result->initramfs_size), read("xz"));
  // Not packed, it fits packed only.
  result = embed(kernel_with("gzip", config("")), "none", {});
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_EQ(unpacked("gzip -d", result->initramfs_size), read("none"));
}

TEST_F(EmbedSpliceTest, HasToFit) {
  auto result = embed(kernel_with("xz"), "large", {});
  expect_refused(result, Code::does_not_fit, "bytes more than the built-in one");
}

TEST_F(EmbedSpliceTest, CommandLineTakesThePlaceOfItsOwn) {
  auto result = embed(kernel_with("gzip", config("")), "gzip",
                      {.command_line = "mem=32M console=ttyS1 quiet"});
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_EQ(result->command_line, "mem=32M console=ttyS1 quiet");
  std::string line = "mem=32M console=ttyS1 quiet";
  std::string after = read("out.elf");
  EXPECT_EQ(after.substr(0x1000 + 0x1900, std::string(kOwnLine).size() + 1),
            line + std::string(std::string(kOwnLine).size() + 1 - line.size(), '\0'));
}

TEST_F(EmbedSpliceTest, CommandLineThatHasNoPlaceIsRefused) {
  std::string line = "mem=32M";
  // No configuration: the text could be anything.
  expect_refused(embed(kernel_with("gzip"), "gzip", {.command_line = line}), Code::bad_input,
                 "does not tell where");
  // Two texts: either could be it.
  auto kernel = kernel_with("gzip", config(""));
  kernel.segments[1].contents += std::string(kOwnLine) + '\0';
  expect_refused(embed(kernel, "gzip", {.command_line = line}), Code::bad_input,
                 "does not tell where");
  // Unless drivers/of/fdt.c has one of them; a third is again one too many.
  auto of_kernel = kernel_with("gzip", config("CONFIG_OF_EARLY_FLATTREE=y\n"));
  of_kernel.segments[1].contents += std::string(kOwnLine) + '\0';
  ASSERT_TRUE(embed(of_kernel, "gzip", {.command_line = line}));
  EXPECT_THAT(read("out.elf"), Not(HasSubstr("console=ttyS0,115200")));
  std::filesystem::remove(path("out.elf"));
  of_kernel.segments[1].contents += std::string(kOwnLine) + '\0';
  expect_refused(embed(of_kernel, "gzip", {.command_line = line}), Code::bad_input,
                 "does not tell where");
  line = kOwnLine + std::string(" x");
  expect_refused(embed(kernel_with("gzip", config("")), "gzip", {.command_line = line}),
                 Code::does_not_fit, "2 bytes too long");
  auto kept = embed(kernel_with("gzip"), "gzip", {.command_line = line, .keep_command_line = true});
  ASSERT_TRUE(kept) << kept.error().what;
  EXPECT_TRUE(kept->findings.has("ELF061"));
  EXPECT_EQ(kept->command_line, kOwnLine);
}

TEST_F(EmbedSpliceTest, StrippedWithKallsymsOfData) {
  auto unstripped = test::sound_kernel(kLoad);
  auto stripped = unstripped;
  stripped.symbols.clear();
  stripped.segments[1].contents += test::kallsyms_of(0x80001400, 0x80003000).bytes();
  auto result = embed(stripped, "gzip", {"console=ttyS0", 64 << 20});
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_EQ(result->way, EmbedWay::segment);
  EXPECT_TRUE(result->findings.has("ELF062"));
  EXPECT_THAT(result->report, HasSubstr("kallsyms"));
  std::string line = read("out.elf").substr(0x1000 + 0x2000, 4096);
  EXPECT_EQ(line, result->command_line + std::string(4096 - result->command_line.size(), '\0'));
}

TEST_F(EmbedSpliceTest, StrippedWithKallsymsOfFunctionsIsRefused) {
  auto kernel = test::sound_kernel(kLoad);
  kernel.symbols.clear();
  kernel.segments[1].contents += test::kallsyms_of(0x80001400, 0x80003000, false).bytes();
  auto result = embed(kernel, "gzip", {"console=ttyS0", 64 << 20});
  expect_refused(result, Code::bad_input, "functions only");
  EXPECT_THAT(result.error().hint, HasSubstr("CONFIG_KALLSYMS_ALL"));
  EXPECT_THAT(result.error().hint, HasSubstr("unstripped"));
}

TEST_F(EmbedSpliceTest, OtherDataWhereTheCommandLineWouldBe) {
  auto kernel = test::sound_kernel(kLoad);
  kernel.segments[1].contents[0x2000 + 30] = 'x';
  expect_refused(embed(kernel, "gzip", {"console=ttyS0", 64 << 20}), Code::bad_input, "other data");
}

TEST_F(EmbedSpliceTest, AnInitramfsThatStaysInsideIsSaid) {
  auto kernel = kernel_with("gzip");
  kernel.symbols = {{"arcs_cmdline", 0x80003000, 4096},
                    {"__initramfs_start", kArchive, 0},
                    {"__initramfs_size", (kArchive + kRoom + 7) / 8 * 8, 0}};
  auto result = embed(kernel, "gzip", {"console=ttyS0", 64 << 20});
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_EQ(result->way, EmbedWay::segment);
  EXPECT_TRUE(result->findings.has("ELF060"));
}

}  // namespace
}  // namespace trxkit::kernel
