// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// mkbootusb write: what it shows, whom it asks, what it refuses, and what lands on files and fake
// disks. Devices of the host: tests/cli/write_devices_test.
#include <gmock/gmock.h>
#include <unistd.h>

#include "lib/core/json.h"

#include "mkbootusb/program.h"
#include "tests/unit/fake_devices.h"
#include "tests/unit/scratch.h"

namespace trxkit {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::uint64_t kMiB = 1 << 20;

class WriteVerb : public test::Scratch {
 public:
  WriteVerb() {
    env.block_devices = &devices;
    tool(
        "mkdir -p t/boot; head -c 1500000 /dev/zero > t/boot/zeros; echo a > t/boot/a\n"
        "head -c 900000 /dev/urandom > t/boot/noise\n"
        "truncate -s 58M stick.img; printf '2048,81920,c\\n,,83\\n' | sfdisk stick.img\n"
        "mkfs.fat -F 32 -s 1 -n USBBOOT --offset 2048 stick.img 40960\n"
        "mcopy -i stick.img@@1048576 -s t/boot ::\n"
        "truncate -s 15M ext; mke2fs -q -F -t ext4 -L USBROOT -d t ext\n"
        "dd if=ext of=stick.img bs=512 seek=83968 conv=notrunc");
  }

  std::string tool(const std::string& command, int status = 0) const {
    return shell(
        "PATH=$PATH:/usr/sbin:/sbin; export TZ=UTC LC_ALL=C MTOOLS_SKIP_CHECK=1; " + command,
        status);
  }

  /// Runs "mkbootusb write stick.img TARGET MORE..." while `typed` waits on a terminal.
  int run(const std::string& target, std::vector<std::string> more = {},
          const std::string& typed = {}) {
    std::vector<std::string> arguments{"write", path("stick.img"), target};
    arguments.insert(arguments.end(), more.begin(), more.end());
    FILE* input = std::tmpfile();
    std::fputs(typed.c_str(), input);
    std::rewind(input);
    env.in = fileno(input);
    out.str("");
    err.str("");
    int status = mkbootusb_main(arguments, env);
    std::fclose(input);
    return status;
  }
  int run_on_stick(std::vector<std::string> more = {}, const std::string& typed = {}) {
    return run(devices.facts.path, std::move(more), typed);
  }
  bool untouched() const {
    return disk.writes.empty() && disk.discards == 0 && disk.bytes.front() == std::byte{0xff};
  }
  void save_disk() const { write("back.img", std::string(as_text(disk.bytes))); }

  /// Both file systems of `image` are sound and hold every file.
  void expect_every_file(const std::string& image) const {
    tool("rm -rf back; mkdir back; mcopy -i " + image +
         "@@1048576 -s ::/boot back; diff -r t back");
    tool("dd if=" + image + " of=fat bs=1M skip=1 count=40; fsck.fat -n fat");
    tool("dd if=" + image +
         " of=ext.back bs=512 skip=83968 count=30720; e2fsck -fn ext.back\n"
         "rm -rf back; mkdir back; debugfs -R 'rdump /boot back' ext.back; diff -r t back");
    tool("sfdisk -d stick.img | grep start > a; sfdisk -d " + image +
         " | grep start > b; sed -i 's/^[^:]*//' a b; diff a b");
  }

  test::FakeDisk disk{64 * kMiB};
  test::FakeDevices devices{test::usual_stick(), disk};
};

TEST_F(WriteVerb, ShowsThePlanAndWritesNothing) {
  EXPECT_EQ(run_on_stick(), 0) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("SanDisk Ultra, serial 4C530001, 64 MiB, USB, removable"));
  EXPECT_THAT(out.str(), HasSubstr("stick.img: 58 MiB, of which "));
  EXPECT_THAT(err.str(), HasSubstr("nothing written; with --write it will be"));
  EXPECT_TRUE(untouched());
}

TEST_F(WriteVerb, ThePlanInJson) {
  EXPECT_EQ(run_on_stick({"--json"}), 0);
  auto json = Json::parse(out.str(), "stdout").value();
  EXPECT_EQ(*json.find("target")->find("serial")->text(), "4C530001");
  EXPECT_LT(*json.find("mapped")->number(), 12 * kMiB);
  EXPECT_FALSE(*json.find("done")->boolean());
}

TEST_F(WriteVerb, ShowsWhatIsOnTheTarget) {
  env.block_devices = &system_block_devices();
  tool("cp stick.img target");
  EXPECT_EQ(run(path("target")), 0);
  EXPECT_THAT(out.str(), HasSubstr("dos"));
  EXPECT_THAT(out.str(), HasSubstr("vfat         40 MiB at 0x100000 USBBOOT"));
  EXPECT_THAT(out.str(), HasSubstr("ext4         17 MiB at 0x2900000 USBROOT"));
  EXPECT_EQ(read("target"), read("stick.img"));
}

TEST_F(WriteVerb, AsksForTheSerialOrModel) {
  env.in_is_terminal = true;
  for (const char* wrong : {"", "\n", "y\n", "4C53\n", "/dev/sdz\n"}) {
    EXPECT_EQ(run_on_stick({"--write"}, wrong), 5) << wrong;
    EXPECT_THAT(err.str(), HasSubstr("type \"4C530001\""));
    EXPECT_THAT(err.str(), HasSubstr("[DEV011]"));
    EXPECT_TRUE(untouched());
  }
  EXPECT_EQ(run_on_stick({"--write"}, "SanDisk Ultra\n"), 0) << err.str();
  EXPECT_EQ(run_on_stick({"--write"}, "4C530001\n"), 0) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("read back and equal"));
  save_disk();
  expect_every_file("back.img");
}

TEST_F(WriteVerb, NobodyIsAskedWithoutATerminal) {
  EXPECT_EQ(run_on_stick({"--write"}, "4C530001\n"), 5);
  EXPECT_THAT(err.str(), HasSubstr("--yes-i-mean \"4C530001\""));
  EXPECT_EQ(run_on_stick({"--write", "--json"}), 2);
  EXPECT_EQ(run_on_stick({"--yes-i-mean", "4C530001"}), 2);
  EXPECT_EQ(run_on_stick({"--write", "--yes-i-mean", "other"}), 5);
  EXPECT_TRUE(untouched());
  EXPECT_EQ(run_on_stick({"--write", "--yes-i-mean", "4C530001", "--json"}), 0) << err.str();
  auto json = Json::parse(out.str(), "stdout").value();
  EXPECT_TRUE(*json.find("done")->boolean());
  EXPECT_EQ(*json.find("written")->number(), *json.find("mapped")->number());
  EXPECT_EQ(*json.find("compared")->number(), *json.find("mapped")->number());
}

TEST_F(WriteVerb, RefusesWhateverIsInUse) {
  devices.facts.mounts = {"/media/stick"};
  EXPECT_EQ(run_on_stick({"--write", "--yes-i-mean", "4C530001"}), 5);
  EXPECT_THAT(err.str(), HasSubstr("[DEV003]"));
  EXPECT_THAT(err.str(), HasSubstr("nothing written"));
  devices.facts = test::usual_stick(20 * kMiB);
  EXPECT_EQ(run_on_stick({"--write", "--yes-i-mean", "4C530001"}), 4);
  devices.facts = test::usual_stick();
  devices.facts.removable = devices.facts.usb = false;
  EXPECT_EQ(run_on_stick({"--write", "--yes-i-mean", "4C530001"}), 5);
  EXPECT_TRUE(untouched());
  EXPECT_EQ(run_on_stick({"--write", "--allow-fixed", "--yes-i-mean", "4C530001"}), 0);
}

TEST_F(WriteVerb, ADiskThatWasChangedForAnotherMeanwhile) {
  class Changing final : public BlockDevices {
   public:
    Result<DeviceFacts> examine(const std::string& /*path*/) const override {
      DeviceFacts facts = test::usual_stick();
      if (++calls > 1) facts.serial = "other";
      return facts;
    }
    Result<std::unique_ptr<BlockDevice>> open(const std::string& /*path*/) const override {
      return fail(Code::io, "opened");
    }
    mutable int calls = 0;
  } changing;
  env.block_devices = &changing;
  EXPECT_EQ(run_on_stick({"--write", "--yes-i-mean", "4C530001"}), 5);
  EXPECT_THAT(err.str(), HasSubstr("another disk than before"));
}

TEST_F(WriteVerb, OntoAFileFullOfOnes) {
  env.block_devices = &system_block_devices();
  write("target", std::string(58 * kMiB, '\xff'));
  EXPECT_EQ(run(path("target"), {"--write"}), 0) << err.str();
  expect_every_file("target");
  EXPECT_EQ(run(path("target"), {"--write", "--minimize"}), 0);
  EXPECT_THAT(out.str(), HasSubstr("holds all of it already"));
  EXPECT_EQ(run(path("target"), {"--write", "--no-verify", "--json"}), 0);
  EXPECT_EQ(run(path("target"), {"--write", "--no-verify"}), 0);
  EXPECT_THAT(out.str(), HasSubstr("not read back"));
}

TEST_F(WriteVerb, AnImageThatLostItsHolesOrGotSome) {
  env.block_devices = &system_block_devices();
  tool("cp --sparse=always stick.img s; mv s stick.img");
  write("target", std::string(58 * kMiB, '\xff'));
  EXPECT_EQ(run(path("target"), {"--write"}), 0) << err.str();
  expect_every_file("target");
  std::string written = out.str();
  tool("cp --sparse=never stick.img s; mv s stick.img");
  write("target", std::string(58 * kMiB, '\xff'));
  EXPECT_EQ(run(path("target"), {"--write"}), 0);
  EXPECT_EQ(out.str(), written);
}

TEST_F(WriteVerb, TheImageIsNoTarget) {
  env.block_devices = &system_block_devices();
  EXPECT_EQ(run(path("stick.img"), {"--write"}), 5);
  EXPECT_EQ(run(path("none"), {"--write"}), 7);
  EXPECT_EQ(run("/dev/null", {"--write"}), 2);
}

}  // namespace
}  // namespace trxkit
