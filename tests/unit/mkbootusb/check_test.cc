// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// mkbootusb check: what it says, and with which exit status.
#include <gmock/gmock.h>

#include "lib/core/json.h"

#include "mkbootusb/program.h"
#include "tests/unit/module_fixture.h"
#include "tests/unit/program_fixture.h"
#include "tests/unit/scratch.h"

namespace trxkit {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class CheckKernel : public test::Scratch {
 public:
  CheckKernel() { write("vmlinux", test::sound_kernel().bytes()); }

  int check(std::vector<std::string> more = {}, const std::string& kernel = "vmlinux") {
    std::vector<std::string> arguments{"check", "--kernel", path(kernel), "--board", board};
    arguments.insert(arguments.end(), more.begin(), more.end());
    out.str("");
    err.str("");
    return mkbootusb_main(arguments, env);
  }
  /// The codes of the JSON result, joined.
  std::string codes() {
    auto json = Json::parse(out.str(), "stdout");
    if (!json) return "no JSON: " + out.str();
    std::string text;
    for (const Json& finding : *json->find("findings")->elements()) {
      text += *finding.find("code")->text() + " ";
    }
    return text;
  }

  std::string board = "belkin-f7d7301";
};

TEST_F(CheckKernel, SaysWhatItIsAndThatItIsSound) {
  EXPECT_EQ(check(), 0) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("Linux 6.1.192"));
  EXPECT_THAT(out.str(), HasSubstr("mkbootusb can put one in"));
  EXPECT_THAT(out.str(), HasSubstr("sound: 0 errors, 0 warnings"));
  EXPECT_EQ(check({"--role", "flash"}), 0) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("in the flash"));
}

TEST_F(CheckKernel, Json) {
  EXPECT_EQ(check({"--json"}), 0);
  auto json = Json::parse(out.str(), "stdout").value();
  EXPECT_EQ(*json.find("kernel")->find("release")->text(), "6.1.192");
  EXPECT_EQ(*json.find("kernel")->find("load_start")->number(), 0x80001000u);
  EXPECT_TRUE(*json.find("ok")->boolean());
}

TEST_F(CheckKernel, FindingsFailTheRun) {
  auto kernel = test::sound_kernel();
  kernel.machine = 62;
  write("vmlinux", kernel.bytes());
  EXPECT_EQ(check({"--json"}), 1);
  EXPECT_EQ(codes(), "ELF003 ");
  write("vmlinux", test::sound_kernel().bytes().substr(0, 5000));
  EXPECT_EQ(check({"--json"}), 1);
  EXPECT_EQ(codes(), "ELF046 ");
  write("vmlinux", std::string("\x27\x05\x19\x56") + std::string(60, '\0'));
  EXPECT_EQ(check({"--json"}), 1);
  EXPECT_EQ(codes(), "ELF048 ");
}

TEST_F(CheckKernel, NothingThatIsKnown) {
  write("vmlinux", "");
  EXPECT_EQ(check(), 3);
  write("vmlinux", "text");
  EXPECT_EQ(check(), 3);
  EXPECT_EQ(check({}, "none"), 7);
  EXPECT_EQ(check({"--role", "both"}), 2);
  EXPECT_EQ(check({"--table", "bsd"}), 2);
}

TEST_F(CheckKernel, TheLoaderOfTheFlashUnpacksOverTheBootLoader) {
  auto kernel = test::sound_kernel();
  kernel.segments[1].contents.resize(0x80700000 - 0x80001000 + 1);
  write("vmlinux", kernel.bytes());
  EXPECT_EQ(check({"--role", "flash", "--json"}), 0);
  EXPECT_THAT(codes(), Not(HasSubstr("ELF016")));
  write("board.toml", shell("sed '/^\\[loader\\]/,/^$/d' '" + test::source_directory() +
                            "/boards/belkin-f7d7301.toml'"));
  board = path("board.toml");
  EXPECT_EQ(check({"--role", "flash", "--json"}), 1);
  EXPECT_THAT(codes(), HasSubstr("ELF016"));
}

TEST_F(CheckKernel, CompressedOnesAreTaken) {
  shell("xz -k vmlinux");
  EXPECT_EQ(check({"--json"}, "vmlinux.xz"), 0);
  EXPECT_THAT(codes(), HasSubstr("ELF050"));
}

TEST_F(CheckKernel, ModulesAreCompared) {
  write("6.1.192/kernel/usb-storage.ko", test::ModuleFixture{.depends = "scsi_mod"}.bytes());
  write("6.1.192/kernel/scsi_mod.ko", test::ModuleFixture{}.bytes());
  EXPECT_EQ(check({"--modules", path("6.1.192")}), 0) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("scsi_mod usb_storage"));
  write("6.1.192/kernel/scsi_mod.ko", test::ModuleFixture{.vermagic = "6.1.0 32BIT "}.bytes());
  EXPECT_EQ(check({"--modules", path("6.1.192"), "--json"}), 1);
  EXPECT_THAT(codes(), HasSubstr("MOD001"));
}

TEST_F(CheckKernel, RootThatNeedsFloatingPoint) {
  std::string config = "CONFIG_BCM47XX=y\n# CONFIG_MIPS_FP_SUPPORT is not set\n";
  write("config", config);
  shell("gzip -9n < config > config.gz");
  auto kernel = test::sound_kernel();
  test::carry_config(kernel, read("config.gz"));
  write("vmlinux", kernel.bytes());
  write("root/bin/busybox", test::program_with(test::kDoublesInRegisters));
  EXPECT_EQ(check({"--rootfs", path("root"), "--json"}), 1);
  EXPECT_THAT(codes(), HasSubstr("ELF042"));
  write("root/bin/busybox", test::program_with(test::kSoftFloat));
  check({"--rootfs", path("root"), "--json"});
  EXPECT_THAT(codes(), Not(HasSubstr("ELF042")));
}

}  // namespace
}  // namespace trxkit
