// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/initramfs.h"

#include <gmock/gmock.h>

#include "tests/unit/boot/stick_fixture.h"

namespace trxkit::boot {
namespace {

using ::testing::HasSubstr;

class InitramfsFile : public Stick {
 public:
  InitramfsFile() {
    wanted.board = request.board;
    wanted.busybox = request.busybox;
    wanted.entry.name = "default";
  }
  Result<InitramfsFileResult> file(const std::string& name) {
    return write_initramfs_file(wanted, path(name), env);
  }
  InitramfsFileRequest wanted;
};

TEST_F(InitramfsFile, IsACpioWithDeviceNodes) {
  auto result = file("initramfs");
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_EQ(result->size, read("initramfs").size());
  EXPECT_THAT(shell("file initramfs"), HasSubstr("SVR4 with no CRC"));
  std::string listing = shell("cpio -tv --quiet --numeric-uid-gid < initramfs");
  EXPECT_THAT(listing, ::testing::ContainsRegex("crw.*0 +0 +5, +1 .* dev/console"));
  EXPECT_THAT(listing, ::testing::ContainsRegex("-rwxr-xr-x.* init\n"));
  std::string entry = shell("cpio -i --quiet --to-stdout etc/entry.conf < initramfs");
  EXPECT_THAT(entry, HasSubstr("medium label:USBBOOT\nroot image:boot/default/root.img\n"));
  EXPECT_THAT(read("initramfs.manifest.json"), HasSubstr("\"busybox\""));
}

TEST_F(InitramfsFile, IsPackedAsAskedAndTheSameEveryTime) {
  ASSERT_TRUE(file("none"));
  for (auto [packing, command] : std::vector<std::pair<kernel::Packing, std::string>>{
           {kernel::Packing::gzip, "gzip -d"},
           {kernel::Packing::xz, "xz -d"},
           {kernel::Packing::lzma, "xz --format=lzma -d"}}) {
    wanted.packing = packing;
    ASSERT_TRUE(file("packed"));
    ASSERT_TRUE(file("again"));
    EXPECT_EQ(read("packed"), read("again"));
    shell(command + " < packed > unpacked");
    EXPECT_EQ(read("unpacked"), read("none"));
  }
}

TEST_F(InitramfsFile, BootsWhatItIsTold) {
  wanted.entry.name = "rescue";
  wanted.entry.medium = "1234-ABCD";
  ASSERT_TRUE(file("initramfs"));
  std::string entry = shell("cpio -i --quiet --to-stdout etc/entry.conf < initramfs");
  EXPECT_THAT(entry, HasSubstr("name rescue\n"));
  EXPECT_THAT(entry, HasSubstr("medium 1234-ABCD\nroot image:boot/rescue/root.img\n"));
  wanted.entry.root = "label:USBROOT";
  ASSERT_TRUE(file("initramfs"));
  EXPECT_THAT(shell("cpio -i --quiet --to-stdout etc/entry.conf < initramfs"),
              HasSubstr("root label:USBROOT\n"));
}

TEST_F(InitramfsFile, WhatCannotBeInAnEntryIsRefused) {
  std::string before = listing();
  for (std::string* value :
       {&wanted.entry.title, &wanted.entry.medium, &wanted.entry.root, &wanted.entry.name}) {
    std::string good = std::exchange(*value, "two\nlines");
    auto result = file("initramfs");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Code::usage);
    *value = good;
  }
  EXPECT_FALSE(write_initramfs_file(wanted, wanted.busybox, env));
  EXPECT_EQ(listing(), before);
}

TEST_F(InitramfsFile, ToAPipe) {
  ASSERT_TRUE(file("initramfs"));
  shell("mkfifo pipe; cat pipe > copy & :");
  ASSERT_TRUE(file("pipe"));
  shell(
      "i=0; until cmp -s copy initramfs || test $i = 50; do sleep 0.1; i=$((i+1)); done; "
      "cmp copy initramfs");
  EXPECT_FALSE(exists("pipe.manifest.json"));
}

}  // namespace
}  // namespace trxkit::boot
