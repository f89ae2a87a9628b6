// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "flash-init/names.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

std::vector<int> mtd_called(const std::string& text, const char* name) {
  std::vector<int> numbers;
  int number = -1;
  for (const char* at = text.c_str(); (at = next_mtd_called(at, name, &number)) != nullptr;) {
    numbers.push_back(number);
  }
  return numbers;
}

std::string device_called(const std::string& text, const char* name) {
  char device[kDeviceNameSize] = "";
  return uevent_device_called(text.c_str(), name, device) != 0 ? device : "(none)";
}

using Numbers = std::vector<int>;

TEST(FlashInitNames, FindsTheRootWhateverItsNumber) {
  const std::string head = "dev:    size   erasesize  name\n";
  EXPECT_EQ(mtd_called(head + "mtd0: 00310000 00010000 \"boot\"\n"
                              "mtd1: 004e0000 00010000 \"rootfs\"\n"
                              "mtd2: 00010000 00010000 \"nvram\"\n",
                       "rootfs"),
            Numbers{1});
  EXPECT_EQ(mtd_called(head + "mtd0: 004e0000 00010000 \"rootfs\"\n", "rootfs"), Numbers{0});
}

TEST(FlashInitNames, FindsAllOfOneNameInOrder) {
  EXPECT_EQ(
      mtd_called("mtd0: 0 0 \"rootfs\"\nmtd1: 0 0 \"nvram\"\nmtd12: 0 0 \"rootfs\"", "rootfs"),
      (Numbers{0, 12}));
}

TEST(FlashInitNames, TakesWholeNamesOnly) {
  EXPECT_EQ(mtd_called("mtd0: 0 0 \"rootfs_data\"\nmtd1: 0 0 \"my rootfs\"\nmtd2: 0 0 \"rootf\"\n"
                       "mtd3: 0 0 \"rootfs\" \"x\"\nmtd4: 0 0 \"Rootfs\"\n",
                       "rootfs"),
            Numbers{});
}

TEST(FlashInitNames, PassesOverLinesOfAnotherShape) {
  for (const char* line :
       {"", "\n", "mtd", "mtd:", "mtd: 0 0 \"rootfs\"\n", "mtdx: 0 0 \"rootfs\"\n",
        "mtd12345: 0 0 \"rootfs\"\n", "mtd1 0 0 \"rootfs\"\n", "mtd1: 0 0 rootfs\n",
        "mtd1: 0 0 \"rootfs\n", "xmtd1: 0 0 \"rootfs\"\n", "mtd1: 0 0 \"root"}) {
    EXPECT_EQ(mtd_called(line, "rootfs"), Numbers{}) << line;
  }
  EXPECT_EQ(mtd_called("mtd1: 0 0 \"rootfs\nmtd9999: 0 0 \"rootfs\"\n", "rootfs"), Numbers{9999});
}

TEST(FlashInitNames, FindsTheDiskPartition) {
  const std::string uevent = "MAJOR=254\nMINOR=3\nDEVNAME=vda3\nDEVTYPE=partition\nPARTN=3\n";
  EXPECT_EQ(device_called(uevent + "PARTNAME=rootfs\n", "rootfs"), "vda3");
  EXPECT_EQ(device_called(uevent + "PARTNAME=rootfs", "rootfs"), "vda3");
  EXPECT_EQ(device_called(uevent + "PARTNAME=rootfs_data\n", "rootfs"), "(none)");
  EXPECT_EQ(device_called(uevent + "PARTNAME=root\n", "rootfs"), "(none)");
  EXPECT_EQ(device_called(uevent, "rootfs"), "(none)");
  EXPECT_EQ(device_called("PARTNAME=rootfs\n", "rootfs"), "(none)");
  EXPECT_EQ(device_called("XPARTNAME=rootfs\nDEVNAME=vda1\n", "rootfs"), "(none)");
}

TEST(FlashInitNames, KeepsDeviceNamesInsideTheirRoom) {
  const std::string longest(kDeviceNameSize - 1, 'a');
  EXPECT_EQ(device_called("PARTNAME=r\nDEVNAME=" + longest + "\n", "r"), longest);
  EXPECT_EQ(device_called("PARTNAME=r\nDEVNAME=" + longest + "a\n", "r"), "(none)");
  EXPECT_EQ(device_called("PARTNAME=r\nDEVNAME=\n", "r"), "(none)");
}

}  // namespace
