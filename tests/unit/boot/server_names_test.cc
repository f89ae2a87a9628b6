// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Names of roots, kernels, addresses and interfaces, each good and wrong by one thing.
#include "lib/boot/server_names.h"

#include <gtest/gtest.h>

namespace trxkit::boot {
namespace {

TEST(ServerNames, Roots) {
  for (const char* root :
       {"nbd:10.0.2.2/root", "nbd:192.168.1.2:10810/routers/one", "nfs:10.0.2.2:/srv/root",
        "nfs:10.0.2.2:/", "http://10.0.2.2/root.squashfs", "http://10.0.2.2:8099/a/b-c_d.squashfs",
        "http:http://10.0.2.2:8099/root"}) {
    EXPECT_TRUE(check_server_root(root)) << root;
    EXPECT_TRUE(is_on_server(root)) << root;
  }
  for (const char* root : {"",
                           "image:root.img",
                           "nbd:",
                           "nbd:10.0.2.2",
                           "nbd:10.0.2.2/",
                           "nbd:server/root",
                           "nbd:10.0.2.256/root",
                           "nbd:10.0.2/root",
                           "nbd:10.0.2.2:/root",
                           "nbd:10.0.2.2:0/root",
                           "nbd:10.0.2.2:65536/root",
                           "nbd:10.0.2.2/ro ot",
                           "nbd:10.0.2.2/$(x)",
                           "nfs:10.0.2.2",
                           "nfs:10.0.2.2/srv",
                           "nfs:10.0.2.2:srv",
                           "nfs:10.0.2.2:/srv/../etc",
                           "nfs:10.0.2.2:/a b",
                           "http://10.0.2.2",
                           "http://10.0.2.2/",
                           "http:10.0.2.2/x",
                           "http://server/x",
                           "http://10.0.2.2/a'b",
                           "https://10.0.2.2/x",
                           "http:http:http://10.0.2.2/x"}) {
    EXPECT_FALSE(check_server_root(root)) << root;
  }
  EXPECT_FALSE(is_on_server("image:boot/default/root.img"));
  EXPECT_FALSE(is_on_server("https://10.0.2.2/x"));
}

TEST(ServerNames, Kernels) {
  for (const char* kernel :
       {"http://10.0.2.2/vmlinux.elf", "nbd:10.0.2.2/boot:vmlinux.elf",
        "nbd:10.0.2.2:10810/boot:dir/vmlinux.elf", "nfs:10.0.2.2:/srv/boot:vmlinux.elf",
        "nfs:10.0.2.2:/:default/vmlinux.elf"}) {
    EXPECT_TRUE(check_kernel_source(kernel)) << kernel;
    EXPECT_TRUE(is_kernel_source(kernel)) << kernel;
  }
  for (const char* kernel :
       {"", "default/vmlinux.elf", "http://10.0.2.2", "http:10.0.2.2/x", "nbd:10.0.2.2/boot",
        "nbd:10.0.2.2/boot:", "nbd:10.0.2.2/:x", "nbd:10.0.2.2:x", "nbd:10.0.2.2/boot:../x",
        "nfs:10.0.2.2:/srv/boot", "nfs:10.0.2.2:vmlinux.elf", "nfs:server:/srv:x",
        "nfs:10.0.2.2:/srv:a b", "ftp:10.0.2.2/x"}) {
    EXPECT_FALSE(check_kernel_source(kernel)) << kernel;
  }
}

TEST(ServerNames, Addresses) {
  for (const char* network : {"", "dhcp", "192.168.1.1/24", "10.0.2.15/8", "172.16.0.1/30"}) {
    EXPECT_TRUE(check_network(network)) << network;
  }
  for (const char* network :
       {"static", "192.168.1.1", "192.168.1.1/", "192.168.1.1/0", "192.168.1.1/31",
        "192.168.1.0/24", "192.168.1.255/24", "127.0.0.1/8", "192.168.1/24", "192.168.1.1/24 x",
        "192.168.1.1.1/24", "1922.168.1.1/24"}) {
    EXPECT_FALSE(check_network(network)) << network;
  }
}

TEST(ServerNames, Interfaces) {
  for (const char* name : {"", "eth0", "eth0.1", "br-lan", "enp0s20u1u2u3u4"}) {
    EXPECT_TRUE(check_interface(name)) << name;
  }
  for (const char* name : {"a/b", "..", "-eth0", "eth 0", "eth0'", "enp0s20u1u2u3u4x"}) {
    EXPECT_FALSE(check_interface(name)) << name;
  }
}

}  // namespace
}  // namespace trxkit::boot
