// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Checkers and hooks on their way into the initramfs.
#include <gmock/gmock.h>

#include "lib/rootfs/initramfs.h"
#include "lib/rootfs/wrapper_settings.h"

#include "tests/unit/rootfs/fixtures.h"

namespace trxkit::rootfs {
namespace {

using ::testing::HasSubstr;

struct Additions : test::Scratch {
  Additions() { request.busybox = write("busybox", test::tiny_elf()); }

  Result<archive::SourcePointer> tree() { return initramfs_tree(request, env); }

  void expect_refusal(Code code, const std::string& text) {
    auto made = tree();
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, code);
    EXPECT_THAT(made.error().what, HasSubstr(text));
  }

  InitramfsRequest request;
};

TEST_F(Additions, NoneLeaveNoTrace) {
  auto seen = test::read_tree(**tree());
  EXPECT_FALSE(seen.contains("etc/usbboot/root.d"));
  EXPECT_FALSE(seen.contains("etc/boot.conf"));
  EXPECT_FALSE(seen.contains("sbin/e2fsck"));
}

TEST_F(Additions, I12_CheckersGoWhereInitLooks) {
  request.additions.checkers = {write("e2fsck.static", test::tiny_elf()),
                                write("fsck.vfat", test::tiny_elf())};
  auto seen = test::read_tree(**tree());
  EXPECT_EQ(0755U, seen["sbin/e2fsck"].entry.mode);
  EXPECT_EQ(test::tiny_elf(), seen["sbin/e2fsck"].contents);
  EXPECT_EQ(0755U, seen["sbin/fsck.fat"].entry.mode);
  EXPECT_TRUE(seen["etc/usbboot/check.sh"].contents.contains("/etc/usbboot/e2fsck.conf"));
  EXPECT_TRUE(seen["etc/usbboot/e2fsck.conf"].contents.contains("broken_system_clock = true"));
}

TEST_F(Additions, CheckersThatCannotRunAreRefused) {
  request.additions.checkers = {write("e2fsck", test::tiny_elf({.machine = 62}))};
  expect_refusal(Code::bad_input, "32-bit MIPS");
  request.additions.checkers = {write("fsck.ntfs", test::tiny_elf())};
  expect_refusal(Code::usage, "fsck.ntfs");
}

TEST_F(Additions, Resize2fsGoesBesideTheCheckers) {
  EXPECT_FALSE(test::read_tree(**tree()).contains("sbin/resize2fs"));
  request.additions.resize2fs = write("resize2fs.static", test::tiny_elf());
  EXPECT_EQ(test::tiny_elf(), test::read_tree(**tree())["sbin/resize2fs"].contents);
  request.additions.resize2fs = write("resize2fs.static", "#!/bin/sh\n");
  EXPECT_FALSE(tree());
}

TEST_F(Additions, HooksGoToTheirStages) {
  request.additions.hooks = {{HookStage::swap, write("10-load", "modprobe x\n")},
                             {HookStage::root, write("20-power", "echo on")},
                             {HookStage::root, write("10-first", "")},
                             {HookStage::mounts, write("mounts/10-load", "echo y\n")}};
  auto seen = test::read_tree(**tree());
  EXPECT_EQ("modprobe x\n", seen["etc/usbboot/swap.d/10-load"].contents);
  EXPECT_EQ("echo on\n", seen["etc/usbboot/root.d/20-power"].contents);
  EXPECT_TRUE(seen.contains("etc/usbboot/root.d/10-first"));
  EXPECT_EQ("echo y\n", seen["etc/usbboot/mounts.d/10-load"].contents);
  EXPECT_EQ(archive::EntryType::directory, seen["etc/usbboot/mounts.d"].entry.type);
}

TEST_F(Additions, HooksThatNoShellReadsAreRefused) {
  auto refuse = [this](const std::string& file, Code code, const std::string& text) {
    request.additions.hooks = {{HookStage::root, file}};
    expect_refusal(code, text);
  };
  refuse(write("windows", "echo a\r\n"), Code::bad_input, "carriage return");
  refuse(write("binary", std::string("a\0b", 3)), Code::bad_input, "no text");
  refuse(write("huge", std::string((64 << 10) + 1, '#')), Code::bad_input, "65537 bytes");
  refuse(write(".hidden", "true\n"), Code::usage, ".hidden");
  refuse(write("two words", "true\n"), Code::usage, "two words");
  refuse(path("absent"), Code::io, "cannot be opened");
}

TEST_F(Additions, TwoHooksOfOneNameAreRefused) {
  request.additions.hooks = {{HookStage::root, write("a/x", "true\n")},
                             {HookStage::root, write("b/x", "true\n")}};
  expect_refusal(Code::usage, "root.d/x");
}

TEST_F(Additions, TheLedIsThatOfTheBoard) {
  EXPECT_EQ("LED='none'\n", test::read_tree(**tree())["etc/usbboot/led.conf"].contents);
  request.led = automatic_led(*board::load_board("belkin-f7d7301", env));
  EXPECT_EQ("LED='dmz power diag wps gpio:10:low'\n",
            test::read_tree(**tree())["etc/usbboot/led.conf"].contents);
}

TEST_F(Additions, WithoutTheGuardInitIsTold) {
  request.guard = false;
  EXPECT_EQ("guard no\n", test::read_tree(**tree())["etc/boot.conf"].contents);
}

}  // namespace
}  // namespace trxkit::rootfs
