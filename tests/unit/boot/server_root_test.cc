// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Entries whose root or kernel is on a server: what is made for the server, what the entry says, in
// the tree and inside the kernel; what is refused. Judged with debugfs, tar and unsquashfs.
#include <gmock/gmock.h>

#include "lib/boot/check_stick.h"

#include "tests/unit/boot/stick_fixture.h"

namespace trxkit::boot {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ServerRoot : public Stick {
 public:
  ServerRoot() {
    request.layout.medium = "none";
    request.additions.nbd_client = path("busybox");
    entry().command_line = "mem=64M";
  }
  void make() {
    auto result = tree("www");
    ASSERT_TRUE(result) << result.error().what;
    text = read("www/boot/entries/default.conf");
  }
  /// Code, place and message with which the tree is refused.
  std::string refused() {
    auto result = tree("www");
    if (result) return "made";
    const Error& error = result.error();
    return error.finding + " " + error.where.file + " " + error.what;
  }
  /// The codes of a check of the tree.
  std::string codes() {
    auto result = check_stick({path("www"), ""}, env, progress);
    if (!result) return "!" + result.error().what;
    std::string list;
    for (const Finding& finding : result->findings.list()) {
      if (finding.code.starts_with("NET")) list += (list.empty() ? "" : " ") + finding.code;
    }
    return list;
  }
  std::string text;
};

TEST_F(ServerRoot, NbdGetsAnImage) {
  entry().server_root = "nbd:10.0.2.2/root";
  entry().start.network = "10.0.2.15/24";
  entry().start.interface = "eth1";
  make();
  EXPECT_THAT(text, HasSubstr("\nroot nbd:10.0.2.2/root\n"));
  EXPECT_THAT(text, HasSubstr("\nnetwork 10.0.2.15/24\ninterface eth1\n"));
  EXPECT_THAT(text, HasSubstr("\nkernel default/vmlinux.elf\n"));
  EXPECT_THAT(text, Not(HasSubstr("medium")));
  EXPECT_EQ(shell("debugfs -R 'cat /etc/greeting' www/boot/default/root.img 2>/dev/null"),
            "hello\n");
  EXPECT_EQ(codes(), "NET045");
}

TEST_F(ServerRoot, NfsGetsAnArchive) {
  entry().server_root = "nfs:10.0.2.2:/srv/root";
  make();
  EXPECT_THAT(text, HasSubstr("\nroot nfs:10.0.2.2:/srv/root\n"));
  EXPECT_EQ(shell("tar -xOf www/boot/default/root.tar etc/greeting"), "hello\n");
  EXPECT_EQ(shell("tar -tvf www/boot/default/root.tar | awk '{print $2}' | sort -u"), "0/0\n");
  EXPECT_EQ(codes(), "NET045");
}

TEST_F(ServerRoot, HttpGetsASquashfsAndItsHash) {
  entry().server_root = "http://10.0.2.2:8099/boot/default/root.squashfs";
  make();
  std::string hash = shell("sha256sum <www/boot/default/root.squashfs | cut -d' ' -f1");
  EXPECT_THAT(text, HasSubstr("\nroot http://10.0.2.2:8099/boot/default/root.squashfs\n"));
  EXPECT_THAT(text, HasSubstr("\nroot-sha256 " + hash));
  EXPECT_THAT(text, HasSubstr("\noptions ro,overlay\n"));
  EXPECT_EQ(shell("unsquashfs -cat www/boot/default/root.squashfs etc/greeting"), "hello\n");
  EXPECT_EQ(codes(), "NET045");
}

TEST_F(ServerRoot, ARootThatTheServerHasAlready) {
  entry().rootfs.clear();
  entry().server_root = "nfs:10.0.2.2:/srv/root";
  make();
  EXPECT_EQ(shell("ls www/boot/default"), "vmlinux.elf\n");
  entry().server_root = "http://10.0.2.2/root.squashfs";
  EXPECT_THAT(refused(), HasSubstr("NET043"));
}

TEST_F(ServerRoot, KernelsFromElsewhere) {
  entry().kernel_source = "nbd:10.0.2.2/boot:vmlinux.elf";
  make();
  EXPECT_THAT(text, HasSubstr("\nkernel nbd:10.0.2.2/boot:vmlinux.elf\nkernel-sha256 "));
  EXPECT_TRUE(exists("www/boot/default/vmlinux.elf"));
  EXPECT_EQ(codes(), "NET045");
}

TEST_F(ServerRoot, WhatIsRefused) {
  entry().server_root = "nbd:server/root";
  EXPECT_THAT(refused(), HasSubstr("names no root on a server"));
  entry().server_root = "nbd:10.0.2.2/root";
  entry().start.network = "10.0.2.0/24";
  EXPECT_THAT(refused(), HasSubstr("no address of a router"));
  entry().start.network = "";
  entry().start.interface = "a b";
  EXPECT_THAT(refused(), HasSubstr("network interface"));
  entry().start.interface = "";
  entry().kernel_source = "nbd:10.0.2.2";
  EXPECT_THAT(refused(), HasSubstr("names no kernel on a server"));
  entry().kernel_source = "";
  request.additions.nbd_client = "";
  EXPECT_THAT(refused(), HasSubstr("NET046"));
  EXPECT_FALSE(exists("www"));
}

TEST_F(ServerRoot, TheClientIsAProgramForTheRouter) {
  entry().server_root = "nbd:10.0.2.2/root";
  request.additions.nbd_client = write("nbd-client", "#!/bin/sh\n");
  EXPECT_THAT(refused(), HasSubstr("nbd-client"));
}

TEST_F(ServerRoot, EntriesThatOthersWrote) {
  make();
  const std::pair<const char*, const char*> entries[] = {
      {"kernel default/vmlinux.elf\nroot nbd:10.0.2.2/root\n", "NET045"},
      {"kernel default/vmlinux.elf\nroot nbd:server/root\n", "NET041 NET045"},
      {"kernel default/vmlinux.elf\nroot nbd:10.0.2.2/root\nnetwork 1.2.3\n", "NET042 NET045"},
      {"kernel default/vmlinux.elf\nroot nbd:10.0.2.2/root\ninterface a/b\n", "NET042 NET045"},
      {"kernel default/vmlinux.elf\nroot http://10.0.2.2/root\n", "NET045 NET043"},
      {"kernel http://10.0.2.2/k\nroot image:root.img\n", "NET045 NET044"},
      {"kernel http://10.0.2.2\nroot image:root.img\nkernel-sha256 0\n", "NET040 NET045"},
  };
  for (const auto& [lines, expected] : entries) {
    write("www/boot/entries/default.conf", lines);
    EXPECT_EQ(codes(), expected) << lines;
  }
}

}  // namespace
}  // namespace trxkit::boot
