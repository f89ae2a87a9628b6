// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// mkbootusb initramfs, and sticks with stripped kernels, as the user meets them.
#include <gmock/gmock.h>

#include "lib/core/json.h"

#include "mkbootusb/program.h"
#include "tests/unit/kallsyms_fixture.h"
#include "tests/unit/kernel_fixture.h"
#include "tests/unit/scratch.h"

namespace trxkit {
namespace {

using ::testing::HasSubstr;

class MkbootusbKernels : public test::Scratch {
 public:
  MkbootusbKernels() {
    test::KernelFixture program;
    program.segments = {{.address = 0x400000, .contents = std::string(8192, '\0')}};
    write("busybox", program.bytes());
    write("root/sbin/init", "#!/bin/sh\n");
  }
  int run(std::vector<std::string> arguments) {
    out.str("");
    err.str("");
    return mkbootusb_main(arguments, env);
  }
  int initramfs(const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"initramfs",     "--board", "qemu-malta", "--busybox",
                                       path("busybox"), "-o",      path("cpio")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  int image(const test::KernelFixture& kernel, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"image",
                                       "--board",
                                       "qemu-malta",
                                       "--kernel",
                                       write("vmlinux", kernel.bytes()),
                                       "--busybox",
                                       path("busybox"),
                                       "--rootfs",
                                       path("root"),
                                       "--free",
                                       "1M",
                                       "-o",
                                       path("stick.img")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  /// A stripped kernel of the emulated router with an archive of noise linked in.
  test::KernelFixture with_room(const std::string& file = "noise") {
    auto kernel = test::sound_kernel(0x80100000, "malta");
    kernel.symbols.clear();
    shell("mkdir -p old && head -c 40000 /dev/urandom > old/" + file + " && (cd old && echo " +
          file + " | cpio -o -H newc --quiet) | gzip -9n > old.gz");
    std::string archive = read("old.gz");
    std::string& text = kernel.segments[1].contents;
    text += archive;
    text.resize((text.size() + 7) / 8 * 8);
    for (unsigned i = 0; i < 4; ++i) text.push_back(static_cast<char>(archive.size() >> (8 * i)));
    return kernel;
  }
};

TEST_F(MkbootusbKernels, InitramfsAlone) {
  ASSERT_EQ(initramfs({}), 0) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("label:USBBOOT"));
  EXPECT_THAT(out.str(), HasSubstr("CONFIG_INITRAMFS_SOURCE"));
  EXPECT_THAT(out.str(), HasSubstr("mem=64M"));
  EXPECT_TRUE(exists("cpio.manifest.json"));
  ASSERT_EQ(initramfs({"--compression", "xz", "--json", "--medium", "1234-ABCD"}), 0);
  Json json = Json::parse(out.str(), "stdout").value();
  EXPECT_EQ(*json.find("medium")->text(), "1234-ABCD");
  EXPECT_THAT(shell("xz -dc cpio | cpio -t --quiet"), HasSubstr("etc/entry.conf"));
}

TEST_F(MkbootusbKernels, WrongInitramfsOptions) {
  EXPECT_EQ(initramfs({"--compression", "zstd"}), 2);
  EXPECT_EQ(initramfs({"--entry-name", "Not This"}), 2);
  EXPECT_EQ(
      run({"initramfs", "--board", "qemu-walta", "--busybox", path("busybox"), "-o", path("cpio")}),
      2);
  EXPECT_THAT(err.str(), HasSubstr("qemu-malta"));
  EXPECT_FALSE(exists("cpio"));
}

TEST_F(MkbootusbKernels, SpliceSaysThatTheCommandLineStays) {
  ASSERT_EQ(image(with_room()), 0) << err.str();
  EXPECT_THAT(err.str(), HasSubstr("ELF061"));
  EXPECT_THAT(out.str(), HasSubstr("in place of the built-in archive"));
  EXPECT_EQ(image(with_room(), {"--cmdline", "console=ttyS0 mem=64M"}), 3);
  EXPECT_THAT(err.str(), HasSubstr("does not tell where to put"));
}

TEST_F(MkbootusbKernels, WhatIsReplacedIsNotJudged) {
  ASSERT_EQ(image(with_room("init")), 0) << err.str();  // no program, not executable
  EXPECT_THAT(out.str(), HasSubstr("in place of the built-in archive"));
}

TEST_F(MkbootusbKernels, KallsymsAreSaid) {
  auto kernel = test::sound_kernel(0x80100000, "malta");
  kernel.symbols.clear();
  kernel.segments[1].contents += test::kallsyms_of(0x80100400, 0x80102000).bytes();
  ASSERT_EQ(image(kernel), 0) << err.str();
  EXPECT_THAT(err.str(), HasSubstr("ELF062"));
  EXPECT_THAT(out.str(), HasSubstr("kallsyms"));
}

TEST_F(MkbootusbKernels, StrippedKernelsAreRefusedWithTheCure) {
  auto kernel = test::sound_kernel(0x80100000, "malta");
  kernel.symbols.clear();
  EXPECT_NE(image(kernel), 0);
  EXPECT_THAT(err.str(), HasSubstr("ELF025"));
  EXPECT_FALSE(exists("stick.img"));
}

}  // namespace
}  // namespace trxkit
