// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// mkflashroot --kexec-loader and --fallback-kernel in the test's own process.
#include <gmock/gmock.h>

#include "lib/core/json.h"

#include "tests/unit/kernel_fixture.h"
#include "tests/unit/mkflashroot/program_runs.h"

namespace trxkit {
namespace {

using ::testing::HasSubstr;

struct SecondStageOptions : test::ProgramRuns {
  SecondStageOptions() {
    write("busybox", test::tiny_elf());
    write("kexec", test::tiny_elf());
    write("vmlinux", test::sound_kernel(0x80100000, "malta").bytes());
    write("base/etc/preinit", "#!/bin/sh\n");
    shell("chmod 755 base/etc/preinit");
  }

  int run(std::vector<std::string> words, const std::string& output = "out") {
    return ProgramRuns::run(std::move(words), output);
  }
  int loader(std::vector<std::string> more = {}, const std::string& output = "out") {
    std::vector<std::string> words{"--kexec-loader", "--kernel", "@vmlinux", "--busybox",
                                   "@busybox",       "--kexec",  "@kexec"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words, output);
  }
};

TEST_F(SecondStageOptions, LoaderIsAKernelWithItsManifest) {
  ASSERT_EQ(0, loader({"--json"})) << err.str();
  EXPECT_THAT(shell("readelf -hW out"), HasSubstr("EXEC"));
  auto json = Json::parse(out.str(), "stdout").value();
  EXPECT_EQ(read("out").size(), *json.find("size")->number());
  EXPECT_THAT(*json.find("command_line")->text(), HasSubstr("rd_start="));
  auto manifest = Json::parse(read("out.manifest.json"), "manifest").value();
  EXPECT_EQ("kernel", *manifest.find("outputs")->elements()->front().find("role")->text());
  EXPECT_THAT(read("out.manifest.json"), HasSubstr("\"vmlinux\""));
  ASSERT_EQ(0, loader({}, "again"));
  EXPECT_EQ(read("out"), read("again"));
  EXPECT_THAT(out.str(), HasSubstr("trxtool pack --board qemu-malta --kernel"));
}

TEST_F(SecondStageOptions, SettingsOfTheSearchAndCommandLine) {
  ASSERT_EQ(0, loader({"--usb-wait", "7", "--cmdline", "quiet", "--skip-key", "s"})) << err.str();
  EXPECT_THAT(read("out"), HasSubstr("\nUSB_WAIT='7'\n"));
  EXPECT_THAT(read("out"), HasSubstr(" mem=64M panic=10 quiet"));
  EXPECT_EQ(2, loader({"--usb-wait", "999"}, "bad"));
}

TEST_F(SecondStageOptions, FallbackIsARootWithoutTheSearch) {
  ASSERT_EQ(0, run({"--base", "@base", "--fallback-kernel", "@vmlinux"})) << err.str();
  EXPECT_EQ("#!/bin/sh\n", shell("unsquashfs -cat out etc/preinit"));
  EXPECT_THAT(shell("unsquashfs -lc out"), HasSubstr("/boot/fallback/vmlinux.elf"));
  EXPECT_THAT(out.str(), HasSubstr("second-stage loader"));
  EXPECT_THAT(read("out.manifest.json"), HasSubstr("\"vmlinux\""));
  ASSERT_EQ(0, run({"--minimal", "--busybox", "@busybox", "--fallback-kernel", "@vmlinux",
                    "--cmdline", "blkdevparts=vda:1M(rootfs)"}))
      << err.str();
  EXPECT_THAT(shell("unsquashfs -cat out boot/fallback/vmlinux.elf | tr '\\0' '\\n'"),
              HasSubstr("panic=10 blkdevparts=vda:1M(rootfs)\n"));
}

TEST_F(SecondStageOptions, RefusesContradictions) {
  EXPECT_EQ(2, run({"--kexec-loader"}));
  EXPECT_THAT(err.str(), HasSubstr("--kexec-loader needs"));
  EXPECT_EQ(2, loader({"--base", "@base"}));
  EXPECT_EQ(2, loader({"--minimal"}));
  EXPECT_EQ(2, loader({"--overlay-config"}));
  EXPECT_EQ(2, loader({"--fallback-kernel", "@vmlinux"}));
  EXPECT_EQ(2, run({"--fallback-kernel", "@vmlinux"}));
  EXPECT_EQ(2, run({"--base", "@base", "--cmdline", "quiet"}));
  EXPECT_EQ(2, run({"--base", "@base", "--fallback-kernel", "@vmlinux", "--kernel", "@vmlinux"}));
  for (const std::vector<std::string>& search :
       std::vector<std::vector<std::string>>{{"--overlay-config"},
                                             {"--led", "none"},
                                             {"--usb-wait", "3"},
                                             {"--skip-button", "wps"}}) {
    std::vector<std::string> words{"--base", "@base", "--fallback-kernel", "@vmlinux"};
    words.insert(words.end(), search.begin(), search.end());
    EXPECT_EQ(2, run(words)) << search.front();
  }
  EXPECT_EQ(5, loader({}, "vmlinux"));
  EXPECT_FALSE(std::filesystem::exists(path("out")));
}

TEST_F(SecondStageOptions, KernelThatCannotCarryItIsRefused) {
  auto kernel = test::sound_kernel(0x80100000, "malta");
  kernel.symbols.clear();
  write("vmlinux", kernel.bytes());
  EXPECT_EQ(1, loader());
  EXPECT_THAT(err.str(), HasSubstr("[ELF025]"));
  EXPECT_FALSE(std::filesystem::exists(path("out")));
}

}  // namespace
}  // namespace trxkit
