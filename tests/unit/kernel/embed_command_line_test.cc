// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A command line alone in a kernel: judged by readelf and by the bytes.
#include "lib/kernel/embed_command_line.h"

#include <gmock/gmock.h>

#include "tests/unit/kernel_fixture.h"
#include "tests/unit/scratch.h"

namespace trxkit::kernel {
namespace {

using ::testing::HasSubstr;

class KexecKernelTest : public test::Scratch {
 public:
  Result<Findings> make(const test::KernelFixture& kernel, const KexecKernelRequest& request) {
    InputFile file = InputFile::open(write("vmlinux", kernel.bytes()), env).value();
    KernelElf elf = read_kernel(file).value();
    OutputFile output = OutputFile::create(path("out.elf")).value();
    auto findings = write_kexec_kernel(file, elf, request, output);
    if (findings) {
      EXPECT_TRUE(output.commit());
    }
    return findings;
  }
};

TEST_F(KexecKernelTest, HasTheLineAndNoSymbols) {
  auto kernel = test::sound_kernel();
  auto findings = make(kernel, {.command_line = "mem=64M panic=10"});
  ASSERT_TRUE(findings) << findings.error().what;
  EXPECT_TRUE(findings->list().empty());
  std::string before = read("vmlinux");
  std::string after = read("out.elf");
  EXPECT_LT(after.size(), before.size());
  EXPECT_THAT(shell("readelf -hW out.elf"), HasSubstr("Number of section headers:         0"));
  EXPECT_THAT(shell("readelf -lW out.elf"), HasSubstr("0x80001000 0x80001000 0x04000 0x07000"));
  // The segment is at the second page of the file, arcs_cmdline at its third.
  std::size_t line = 0x1000 + 0x2000;
  EXPECT_EQ(after.substr(line, 17), std::string("mem=64M panic=10\0", 17));
  for (std::size_t i = 52; i < after.size(); ++i) {
    bool changed = i >= line && i < line + 16;
    ASSERT_TRUE(changed || before[i] == after[i]) << i;
  }
}

TEST_F(KexecKernelTest, WhereNothingTellsTheLineIsKept) {
  auto kernel = test::sound_kernel();
  kernel.symbols.clear();
  auto findings = make(kernel, {.command_line = "mem=64M", .keep_command_line = true});
  ASSERT_TRUE(findings);
  EXPECT_TRUE(findings->has("ELF061"));
  std::string before = read("vmlinux");
  EXPECT_EQ(read("out.elf"), before);
  auto refused = make(kernel, {.command_line = "mem=64M"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::bad_input);
  EXPECT_THAT(refused.error().hint, HasSubstr("unstripped"));
}

TEST_F(KexecKernelTest, NeverOverwrites) {
  auto kernel = test::sound_kernel();
  kernel.segments[1].contents.replace(2 * 4096, 8, "mem=32M\0");
  auto refused = make(kernel, {.command_line = "mem=64M"});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().what, HasSubstr("already carries a command line: mem=32M"));
  auto other = test::sound_kernel();
  other.segments[1].contents.replace(2 * 4096 + 3, 1, "x");
  refused = make(other, {.command_line = "mem=64M"});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().what, HasSubstr("other data"));
  refused = make(test::sound_kernel(),
                 {.command_line = std::string(4096, 'x'), .keep_command_line = true});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::does_not_fit);
}

}  // namespace
}  // namespace trxkit::kernel
