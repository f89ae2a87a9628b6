// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What people give as a kernel, made by the programs that make such files.
#include "lib/kernel/open.h"

#include <gmock/gmock.h>

#include "tests/unit/kernel_fixture.h"
#include "tests/unit/scratch.h"

namespace trxkit::kernel {
namespace {

using ::testing::HasSubstr;

class OpenKernel : public test::Scratch {
 public:
  OpenKernel() { write("vmlinux", test::sound_kernel().bytes()); }

  /// The code of the finding, or "" where it opens; "-" for an error without one.
  std::string code_of(const std::string& file) {
    auto opened = open_kernel(path(file), env);
    if (opened) return "";
    message = opened.error().what;
    hint = opened.error().hint;
    Findings findings = findings_of(opened.error());
    return findings.list().empty() ? "-" : findings.list().front().code;
  }

  std::string message;
  std::string hint;
};

TEST_F(OpenKernel, CompressedOnesAreUnpacked) {
  for (auto [packing, command] : {std::pair{"gzip", "gzip -9n"},
                                  {"xz", "xz"},
                                  {"lzma", "xz --format=lzma"},
                                  {"bzip2", "bzip2"},
                                  {"zstd", "zstd -q"}}) {
    if (std::system((std::string("command -v ") +
                     std::string(command).substr(0, std::string(command).find(' ')) +  // NOLINT
                     " > /dev/null")
                        .c_str()) != 0) {
      std::cout << "not tested, the program is missing: " << command << "\n";
      continue;
    }
    shell(std::string(command) + " < vmlinux > packed");
    auto opened = open_kernel(path("packed"), env);
    ASSERT_TRUE(opened) << packing << opened.error().what;
    EXPECT_EQ(opened->compression, packing);
    EXPECT_EQ(opened->elf.entry, 0x80001400u);
    EXPECT_EQ(opened->elf.name, path("packed"));
    EXPECT_TRUE(check_packing(*opened).has("ELF050"));
    auto bytes = opened->file().bytes_at(0, opened->file().size()).value();
    EXPECT_EQ(as_text(bytes), read("vmlinux"));
  }
  EXPECT_TRUE(check_packing(*open_kernel(path("vmlinux"), env)).list().empty());
}

TEST_F(OpenKernel, NothingIsLeftBehind) {
  shell("gzip -n < vmlinux > packed");
  std::string before = shell("ls -A");
  EXPECT_EQ(code_of("packed"), "");
  EXPECT_EQ(shell("ls -A"), before);
}

TEST_F(OpenKernel, EveryTruncationIsAFinding) {
  std::string whole = read("vmlinux");
  for (std::size_t size : {5ul, 16ul, 51ul, 52ul, 100ul, 4096ul, whole.size() - 1}) {
    write("cut", whole.substr(0, size));
    EXPECT_EQ(code_of("cut"), "ELF046") << size;
  }
  shell("gzip -n < vmlinux > packed");
  std::string packed = read("packed");
  for (std::size_t size : {12ul, packed.size() / 2, packed.size() - 1}) {
    write("cut", packed.substr(0, size));
    EXPECT_EQ(code_of("cut"), "ELF049") << size;
  }
}

TEST_F(OpenKernel, HeadersThatMakeNoSense) {
  std::string whole = read("vmlinux");
  auto patched = [&](std::size_t at, const std::string& bytes) {
    std::string copy = whole;
    write("broken", copy.replace(at, bytes.size(), bytes));
    return code_of("broken");
  };
  EXPECT_EQ(patched(4, "\x03"), "ELF047");
  EXPECT_EQ(patched(5, "\x03"), "ELF047");
  EXPECT_EQ(patched(42, "\x21"), "ELF047");              // e_phentsize
  EXPECT_EQ(patched(44, "\xff\xff"), "ELF047");          // e_phnum: the real one stands elsewhere
  EXPECT_EQ(patched(28, "\xff\xff\xff\xff"), "ELF046");  // e_phoff
  EXPECT_EQ(patched(44, "\xfe\xff"), "ELF046");
}

TEST_F(OpenKernel, OtherFormatsAreNamed) {
  for (auto [bytes, name] : {std::pair{"\x27\x05\x19\x56", "U-Boot"},
                             {"HDR0", "TRX"},
                             {"MZ", "EFI"},
                             {"hsqs", "squashfs"},
                             {"070701", "cpio"},
                             {"\x89LZO", "lzop"},
                             {"PK\3\4", "zip"}}) {
    write("other", std::string(bytes) + std::string(200, '\0'));
    EXPECT_EQ(code_of("other"), "ELF048") << name;
    EXPECT_THAT(message, HasSubstr(name));
    EXPECT_NE(hint, "");
  }
}

TEST_F(OpenKernel, WhatCannotBeRecognised) {
  write("empty", "");
  EXPECT_EQ(code_of("empty"), "-");
  write("raw", std::string(1024, '\0') + "code");
  EXPECT_EQ(code_of("raw"), "-");
  EXPECT_THAT(message, HasSubstr("raw binary"));
  shell("gzip -n < raw > packed");
  EXPECT_EQ(code_of("packed"), "-");
  EXPECT_THAT(message, HasSubstr("unpacked with gzip"));
}

}  // namespace
}  // namespace trxkit::kernel
