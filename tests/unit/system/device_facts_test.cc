// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Disks as Linux describes them, from tables that the test writes.
#include "lib/system/device_facts.h"

#include <tuple>

#include <gmock/gmock.h>

#include "tests/unit/scratch.h"

namespace trxkit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Devices : public test::Scratch {
 public:
  Devices() {
    tables = {folder / "sys", folder / "mountinfo", folder / "swaps"};
    std::string stick = "devices/pci0/usb1/1-2";
    write("sys/" + stick + "/idVendor", "0781\n");
    write("sys/" + stick + "/serial", "4C530001\n");
    disk = stick + "/1-2:1.0/host6/block/sdb";
    device(disk, "8:16", "31116288", true);
    write("sys/" + disk + "/device/vendor", "SanDisk \n");
    write("sys/" + disk + "/device/model", "Ultra           \n");
    write("sys/" + disk + "/removable", "1\n");
    write("sys/" + disk + "/queue/logical_block_size", "512\n");
    device(disk + "/sdb1", "8:17", "2048", false);
    write("sys/" + disk + "/sdb1/partition", "1\n");
  }

  void device(const std::string& place, const std::string& number, const std::string& sectors,
              bool with_slaves) {
    write("sys/" + place + "/dev", number + "\n");
    write("sys/" + place + "/size", sectors + "\n");
    write("sys/" + place + "/ro", "0\n");
    if (with_slaves) std::filesystem::create_directories(folder / "sys" / place / "slaves");
    std::filesystem::create_directories(folder / "sys" / place / "holders");
    link("dev/block/" + number, place);
    link("class/block/" + std::filesystem::path(place).filename().string(), place);
  }
  void link(const std::string& from, const std::string& to) const {
    std::filesystem::create_directories((folder / "sys" / from).parent_path());
    std::filesystem::create_symlink(folder / "sys" / to, folder / "sys" / from);
  }
  DeviceFacts facts(const std::string& number = "8:16") const {
    return device_facts("/dev/sdb", number, tables).value();
  }

  std::string disk;
  KernelTables tables;
};

TEST_F(Devices, AStick) {
  DeviceFacts stick = facts();
  EXPECT_EQ(stick.disk, "sdb");
  EXPECT_TRUE(stick.whole_disk);
  EXPECT_EQ(stick.model, "SanDisk Ultra");
  EXPECT_EQ(stick.serial, "4C530001");
  EXPECT_EQ(stick.size, std::uint64_t{31116288} * 512);
  EXPECT_EQ(stick.sector_size, 512u);
  EXPECT_TRUE(stick.removable);
  EXPECT_TRUE(stick.usb);
  EXPECT_FALSE(stick.read_only);
  EXPECT_THAT(stick.mounts, IsEmpty());
  EXPECT_THAT(stick.swaps, IsEmpty());
  EXPECT_THAT(stick.holders, IsEmpty());
}

TEST_F(Devices, WithoutAStatedSectorSizeItIs512) {
  std::filesystem::remove(folder / "sys" / disk / "queue/logical_block_size");
  EXPECT_EQ(facts().sector_size, 512u);
  write("sys/" + disk + "/queue/logical_block_size", "4096\n");
  EXPECT_EQ(facts().sector_size, 4096u);
}

TEST_F(Devices, APartitionIsNoWholeDisk) {
  DeviceFacts partition = facts("8:17");
  EXPECT_FALSE(partition.whole_disk);
  EXPECT_EQ(partition.disk, "sdb");
  EXPECT_EQ(partition.size, 2048u * 512);
  EXPECT_TRUE(partition.usb);
}

TEST_F(Devices, ADiskThatIsBuiltIn) {
  device("devices/pci0/ata1/host0/block/sda", "8:0", "1000", true);
  write("sys/devices/pci0/ata1/host0/block/sda/device/vendor", "ATA     \n");
  write("sys/devices/pci0/ata1/host0/block/sda/device/model", "WD Blue\n");
  write("sys/devices/pci0/ata1/host0/block/sda/removable", "0\n");
  write("sys/devices/pci0/ata1/host0/block/sda/ro", "1\n");
  DeviceFacts fixed = facts("8:0");
  EXPECT_EQ(fixed.model, "WD Blue");
  EXPECT_EQ(fixed.serial, "");
  EXPECT_FALSE(fixed.removable);
  EXPECT_FALSE(fixed.usb);
  EXPECT_TRUE(fixed.read_only);
}

TEST_F(Devices, MountsOfItsPartitionsByNumberAndByNode) {
  write("mountinfo",
        "22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n"
        "90 22 8:17 / /media/stick rw master:1 shared:2 - vfat /dev/sdb1 rw\n"
        "91 22 0:50 / /media/pool rw - btrfs /dev/sdb rw\n"
        "short\n");
  EXPECT_THAT(facts().mounts, ElementsAre("/media/stick", "/media/pool"));
}

TEST_F(Devices, SwapOnAPartition) {
  write("swaps",
        "Filename Type Size Used Priority\n/dev/sda2 partition 1 0 -2\n"
        "/dev/sdb1                               partition\t1\t0\t-3\n");
  EXPECT_THAT(facts().swaps, ElementsAre("/dev/sdb1"));
}

TEST_F(Devices, WhatIsBuiltOnItAndMountedFromThere) {
  device("devices/virtual/block/dm-0", "253:0", "1000", true);
  write("sys/devices/virtual/block/dm-0/slaves/sdb1", "");
  write("sys/" + disk + "/sdb1/holders/dm-0", "");
  write("mountinfo", "22 1 253:0 / / rw - ext4 /dev/mapper/root rw\n");
  EXPECT_THAT(facts().holders, ElementsAre("dm-0"));
  EXPECT_THAT(facts().mounts, ElementsAre("/"));
  EXPECT_FALSE(facts("253:0").whole_disk);
}

TEST_F(Devices, LoopDevicesOfItsPartitionsAndOfThose) {
  // Found in the order of their names: the one below comes last.
  for (const auto& [name, number, backing] :
       {std::tuple("loop0", "7:0", "/dev/loop1"), std::tuple("loop1", "7:1", "/dev/sdb1"),
        std::tuple("loop2", "7:2", "/dev/sda1"), std::tuple("loop3", "7:3", "/dev/sdb1.img")}) {
    std::string place = std::string("devices/virtual/block/") + name;
    device(place, number, "1000", true);
    write("sys/" + place + "/loop/backing_file", std::string(backing) + "\n");
  }
  write("mountinfo", "22 1 7:0 / /media/loop rw - ext4 /dev/loop0 rw\n");
  EXPECT_THAT(facts().holders, ElementsAre("loop1", "loop0"));
  EXPECT_THAT(facts().mounts, ElementsAre("/media/loop"));
}

TEST_F(Devices, UnknownNumbersAreErrors) {
  EXPECT_EQ(device_facts("/dev/x", "9:9", tables).error().code, Code::io);
}

TEST_F(Devices, OfThisMachine) {
  const BlockDevices& devices = system_block_devices();
  EXPECT_EQ(devices.examine(path("none")).error().code, Code::io);
  EXPECT_EQ(devices.examine("/dev/null").error().code, Code::usage);
  DeviceFacts file = devices.examine(write("file", "12345")).value();
  EXPECT_TRUE(file.regular_file);
  EXPECT_EQ(file.size, 5u);
}

TEST_F(Devices, AFileInPlaceOfADisk) {
  std::string target = write("file", std::string(70 << 20, '\xff'));
  auto device = system_block_devices().open(target);
  ASSERT_TRUE(device);
  std::vector<std::byte> zeros(1 << 20);
  for (std::uint64_t offset = 4096; offset < (68 << 20); offset += zeros.size()) {
    ASSERT_TRUE(write_all(**device, offset, zeros));
  }
  ASSERT_TRUE((*device)->flush());
  EXPECT_FALSE((*device)->discard());
  std::vector<std::byte> back(4096);
  ASSERT_TRUE(read_all(**device, 4096, back));
  EXPECT_EQ(back, std::vector<std::byte>(4096));
  ASSERT_TRUE(read_all(**device, 0, back));
  EXPECT_EQ(back, std::vector<std::byte>(4096, std::byte{0xff}));
  EXPECT_FALSE(read_all(**device, (70 << 20) - 100, back));
}

}  // namespace
}  // namespace trxkit
