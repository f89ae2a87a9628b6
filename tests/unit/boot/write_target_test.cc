// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Every reason not to overwrite a disk, each alone, and none with a stick as it should be.
#include "lib/boot/write_target.h"

#include <gmock/gmock.h>

#include "tests/unit/fake_devices.h"

namespace trxkit::boot {
namespace {

using ::testing::HasSubstr;

constexpr std::uint64_t kImage = 8 << 20;

std::string codes_of(const DeviceFacts& target, bool allow_fixed = false) {
  Findings findings = judge_target(target, kImage, allow_fixed);
  std::string codes;
  for (const Finding& finding : findings.list()) codes += finding.code + " ";
  return codes;
}

TEST(WriteTarget, AStickMayBeWritten) {
  EXPECT_EQ(codes_of(test::usual_stick()), "");
  EXPECT_EQ(codes_of(test::usual_stick(kImage)), "");
}

TEST(WriteTarget, WholeDisksOnly) {
  DeviceFacts partition = test::usual_stick();
  partition.whole_disk = false;
  EXPECT_EQ(codes_of(partition), "DEV001 ");
  EXPECT_EQ(codes_of(partition, true), "DEV001 ");
}

TEST(WriteTarget, FixedDisksOnlyWhereAllowed) {
  DeviceFacts disk = test::usual_stick();
  disk.removable = disk.usb = false;
  EXPECT_EQ(codes_of(disk), "DEV002 ");
  EXPECT_EQ(codes_of(disk, true), "");
  disk.usb = true;  // sticks that call themselves fixed
  EXPECT_EQ(codes_of(disk), "");
  disk.usb = false;
  disk.removable = true;  // card readers
  EXPECT_EQ(codes_of(disk), "");
}

TEST(WriteTarget, NothingInUse) {
  DeviceFacts mounted = test::usual_stick();
  mounted.mounts = {"/media/stick"};
  EXPECT_EQ(codes_of(mounted), "DEV003 ");
  DeviceFacts swap = test::usual_stick();
  swap.swaps = {"/dev/sdz2"};
  EXPECT_EQ(codes_of(swap), "DEV004 ");
  DeviceFacts held = test::usual_stick();
  held.holders = {"dm-0"};
  EXPECT_EQ(codes_of(held), "DEV005 ");
  EXPECT_EQ(codes_of(held, true), "DEV005 ");
}

TEST(WriteTarget, NeverTheRunningSystem) {
  for (const char* place : {"/", "/boot", "/boot/efi", "/home", "/usr"}) {
    DeviceFacts system = test::usual_stick();
    system.mounts = {"/mnt", place};
    EXPECT_EQ(codes_of(system, true), "DEV006 ") << place;
  }
}

TEST(WriteTarget, RoomAndSectors) {
  EXPECT_EQ(codes_of(test::usual_stick(kImage - 1)), "DEV007 ");
  DeviceFacts disk = test::usual_stick();
  disk.read_only = true;
  EXPECT_EQ(codes_of(disk), "DEV008 ");
  disk.read_only = false;
  disk.sector_size = 4096;
  EXPECT_EQ(codes_of(disk), "DEV012 ");
}

TEST(WriteTarget, EverythingIsSaidAtOnce) {
  DeviceFacts disk{.path = "/dev/sda1", .disk = "sda", .sector_size = 4096, .read_only = true};
  disk.mounts = {"/"};
  disk.swaps = {"/dev/sda2"};
  disk.holders = {"md0"};
  EXPECT_EQ(codes_of(disk), "DEV001 DEV002 DEV012 DEV006 DEV004 DEV005 DEV007 DEV008 ");
}

TEST(WriteTarget, AFileNeedsOnlyRoom) {
  DeviceFacts file{.path = "copy.img", .regular_file = true, .size = kImage};
  EXPECT_EQ(codes_of(file), "");
  file.size = 0;
  EXPECT_EQ(codes_of(file), "DEV007 ");
}

TEST(WriteTarget, IsConfirmedBySerialOrModel) {
  DeviceFacts stick = test::usual_stick();
  EXPECT_TRUE(confirm_target(stick, "4C530001"));
  EXPECT_TRUE(confirm_target(stick, "SanDisk Ultra"));
  for (const char* said : {"", "yes", "4C53", "/dev/sdz"}) {
    auto refused = confirm_target(stick, said);
    ASSERT_FALSE(refused) << said;
    EXPECT_EQ(refused.error().finding, "DEV011");
    EXPECT_EQ(refused.error().code, Code::refused);
  }
  stick.serial.clear();
  EXPECT_EQ(name_to_confirm(stick), "SanDisk Ultra");
  EXPECT_FALSE(confirm_target(stick, ""));
  stick.model.clear();
  EXPECT_TRUE(confirm_target(stick, "/dev/sdz"));
}

TEST(WriteTarget, IsDescribed) {
  EXPECT_EQ(describe(test::usual_stick()),
            "SanDisk Ultra, serial 4C530001, 64 MiB, USB, removable");
  EXPECT_EQ(describe({.path = "f", .regular_file = true, .size = kImage}), "a file of 8 MiB");
}

TEST(WriteTarget, PartsThatAreWrittenWholeAreNoted) {
  image::MappedBlocks blocks;
  EXPECT_TRUE(judge_mapping("stick.img", blocks).list().empty());
  blocks.opaque = {{1 << 20, 4096}};
  Findings findings = judge_mapping("stick.img", blocks);
  ASSERT_TRUE(findings.has("DEV010"));
  EXPECT_EQ(findings.list()[0].where.text(), "stick.img@0x100000");
  EXPECT_TRUE(findings.passed(true));
}

}  // namespace
}  // namespace trxkit::boot
