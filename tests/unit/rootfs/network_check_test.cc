// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Each reason why a flash root cannot boot from the network as it was told to, or should not.
#include "lib/rootfs/network_check.h"

#include <set>

#include <gtest/gtest.h>

namespace trxkit::rootfs {
namespace {

class NetworkCheckTest : public ::testing::Test {
 public:
  NetworkCheckTest() {
    board.name = "test";
    board.switch_ports = {"0", "1", "8"};
    settings.url = "http://1.2.3.4/boot";
    settings.public_key = "key.pub";
  }
  /// The codes on a root with these files, joined.
  std::string codes() {
    Findings findings;
    for (const std::string& path : files) EXPECT_TRUE(is_network_program(path)) << path;
    check_network_programs(settings, board, "root", files, findings);
    std::string text;
    for (const Finding& finding : findings.list()) text += finding.code + " ";
    return text;
  }

  board::Board board;
  WrapperSettings settings;
  std::set<std::string> files{"usr/bin/usign", "bin/uclient-fetch", "sbin/ifconfig",
                              "sbin/udhcpc",   "usr/bin/sha256sum", "sbin/swconfig"};
};

TEST_F(NetworkCheckTest, NothingIsMissing) {
  EXPECT_EQ(codes(), "");
  settings.url.clear();
  files.clear();
  EXPECT_EQ(codes(), "") << "no network, nothing to verify";
}

TEST_F(NetworkCheckTest, UnsignedIsSaid) {
  settings.unsigned_network = true;
  files.erase("usr/bin/usign");
  EXPECT_EQ(codes(), "FSR100 ");
}

TEST_F(NetworkCheckTest, P12_SomethingHasToVerify) {
  files.erase("usr/bin/usign");
  EXPECT_EQ(codes(), "FSR101 ");
  files.insert("usr/sbin/signify-openbsd");
  EXPECT_EQ(codes(), "");
  settings.url.clear();
  settings.signed_stick = true;
  EXPECT_EQ(codes(), "");
  files.clear();
  EXPECT_EQ(codes(), "FSR101 ");
}

TEST_F(NetworkCheckTest, ProgramsThatFetchNeeds) {
  for (const char* file :
       {"bin/uclient-fetch", "sbin/ifconfig", "sbin/udhcpc", "usr/bin/sha256sum"}) {
    std::set<std::string> all = files;
    files.erase(file);
    EXPECT_EQ(codes(), "FSR102 ") << file;
    files = all;
  }
  files.erase("bin/uclient-fetch");
  files.insert("usr/bin/wget");
  EXPECT_EQ(codes(), "");
  files.erase("sbin/udhcpc");
  settings.address = "1.2.3.5/24";
  EXPECT_EQ(codes(), "");
}

TEST_F(NetworkCheckTest, EveryPortListens) {
  files.erase("sbin/swconfig");
  EXPECT_EQ(codes(), "FSR103 ");
  files.insert("lib/modules/3.3.8/switch-robo.ko");
  EXPECT_EQ(codes(), "") << "OpenWrt 12.09";
  files.erase("lib/modules/3.3.8/switch-robo.ko");
  files.insert("sbin/swconfig");
  board.switch_ports.clear();
  EXPECT_EQ(codes(), "FSR103 ");
}

TEST_F(NetworkCheckTest, OtherFilesAreNotAskedFor) {
  for (const char* path : {"lib/modules/3.3.8/switch-robot.ko", "root/switch-robo.ko",
                           "usr/bin/usigned", "usign", "opt/bin/usign", "etc/wget", ""}) {
    EXPECT_FALSE(is_network_program(path)) << path;
  }
}

}  // namespace
}  // namespace trxkit::rootfs
