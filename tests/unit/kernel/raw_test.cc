// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/raw.h"

#include <gmock/gmock.h>

#include "tests/unit/kernel_fixture.h"
#include "tests/unit/scratch.h"

namespace trxkit::kernel {
namespace {

using ::testing::HasSubstr;

class RawTest : public test::Scratch {
 public:
  Result<std::string> raw_of(const std::string& name) {
    InputFile file = TRY(InputFile::open(path(name), env));
    KernelElf elf = TRY(read_kernel(file));
    std::string raw;
    TRY(write_raw(file, elf, [&](Bytes bytes) -> Status {
      raw += as_text(bytes);
      return {};
    }));
    EXPECT_EQ(raw.size(), raw_size(elf));
    return raw;
  }
  Result<std::string> raw_of(const test::KernelFixture& fixture) {
    write("vmlinux", fixture.bytes());
    return raw_of("vmlinux");
  }
};

TEST_F(RawTest, SegmentsAtTheirPhysicalAddresses) {
  test::KernelFixture fixture;
  fixture.segments = {
      {.address = 0xc0000000, .contents = "late", .physical_address = 0x80001010},
      {.address = 0x80001000, .contents = "early", .bss = 4},
      {.address = 0x80002000, .contents = "", .bss = 4096}};  // nothing in the file: not written
  EXPECT_EQ(raw_of(fixture).value(), std::string("early") + std::string(11, '\0') + "late");
}

TEST_F(RawTest, OverlapIsRefused) {
  test::KernelFixture fixture;
  fixture.segments = {{.address = 0x80001000, .contents = "0123456789"},
                      {.address = 0x80001009, .contents = "x"}};
  auto raw = raw_of(fixture);
  ASSERT_FALSE(raw);
  EXPECT_EQ(raw.error().code, Code::bad_input);
  EXPECT_THAT(raw.error().what, HasSubstr("overlaps"));
}

TEST_F(RawTest, StraySegmentIsRefused) {
  test::KernelFixture fixture;
  fixture.segments = {{.address = 0x00400000, .contents = "header"},
                      {.address = 0x80001000, .contents = "kernel"}};
  auto raw = raw_of(fixture);
  ASSERT_FALSE(raw);
  EXPECT_THAT(raw.error().what, HasSubstr("spans"));
}

TEST_F(RawTest, NothingToLoadIsRefused) {
  EXPECT_FALSE(raw_of(test::KernelFixture{}));
}

// A linked program with gaps, judged by objcopy of the cross compiler.
TEST_F(RawTest, SameBytesAsObjcopy) {
  if (std::system("command -v mipsel-linux-gnu-gcc >/dev/null") != 0) {
    GTEST_SKIP() << "no mipsel-linux-gnu-gcc";
  }
  write("k.c",
        "char text_gap[5] __attribute__((section(\".far\"))) = \"far!\";\n"
        "int data = 7; int bss[100];\n"
        "int kernel_entry(void) { return data + bss[3] + text_gap[0]; }\n");
  write("k.lds",
        "PHDRS { text PT_LOAD FLAGS(7); far PT_LOAD FLAGS(6); }\n"
        "SECTIONS { . = 0x80001000; .text : { *(.text*) } :text .data : { *(.data*) }\n"
        ".sdata : { *(.sdata*) *(.rodata*) } .bss : { *(.bss*) *(.sbss*) *(COMMON) }\n"
        ". = 0x80005000; .far : { *(.far) } :far /DISCARD/ : { *(.MIPS*) *(.reginfo)\n"
        "*(.note*) *(.comment) *(.pdr) *(.gnu*) } }\n");
  shell(
      "mipsel-linux-gnu-gcc -march=mips32r2 -mno-abicalls -fno-pic -nostdlib -static "
      "-Wl,-T,k.lds,-e,kernel_entry,--build-id=none k.c -o k.elf && "
      "mipsel-linux-gnu-objcopy -O binary k.elf k.bin");
  EXPECT_EQ(raw_of("k.elf").value(), read("k.bin"));
}

}  // namespace
}  // namespace trxkit::kernel
