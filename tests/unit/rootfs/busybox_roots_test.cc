// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The trees that consist of busybox: rescue root, stick root, initramfs.
#include <filesystem>

#include "lib/rootfs/initramfs.h"
#include "lib/rootfs/minimal.h"
#include "lib/rootfs/usb_root.h"

#include "tests/unit/module_fixture.h"
#include "tests/unit/rootfs/fixtures.h"

namespace trxkit::rootfs {
namespace {

using archive::EntryType;
using Tree = std::map<std::string, test::SeenEntry>;

struct BusyboxRoots : test::Scratch {
  BusyboxRoots() : busybox(write("busybox", test::tiny_elf())) {}

  InitramfsRequest request() {
    InitramfsRequest made{.busybox = busybox, .modules = {}, .entry = {}, .additions = {}};
    made.entry.name = "default";
    made.entry.title = "A title";
    made.entry.medium = "1234-ABCD";
    made.entry.root = "image:boot/default/root.img";
    return made;
  }

  Tree initramfs(const InitramfsRequest& wanted) {
    auto tree = initramfs_tree(wanted, env);
    EXPECT_TRUE(tree) << tree.error().what;
    return tree ? test::read_tree(**tree) : Tree{};
  }

  // Parents come first, and every link leads to something.
  static void expect_sound(const archive::Source& source) {
    Tree tree = test::read_tree(source);
    for (const auto& [path, seen] : tree) {
      if (path.empty()) continue;
      std::string parent = std::filesystem::path(path).parent_path();
      ASSERT_TRUE(tree.contains(parent)) << path;
      EXPECT_EQ(EntryType::directory, tree[parent].entry.type) << path;
      if (seen.entry.type != EntryType::symlink) continue;
      std::filesystem::path target = std::filesystem::path(parent) / seen.entry.link_target;
      EXPECT_TRUE(tree.contains(target.lexically_normal())) << path << " -> " << target;
    }
    EXPECT_EQ(EntryType::character_device, tree["dev/console"].entry.type);
    EXPECT_EQ(0755U, tree["bin/busybox"].entry.mode);
    EXPECT_TRUE(tree.contains("bin/sh"));
  }

  std::string busybox;
};

TEST_F(BusyboxRoots, RescueRoot) {
  auto root = minimal_flash_root(
      {.busybox = busybox, .kexec = write("kexec", test::tiny_elf()), .hostname = "router"}, env);
  ASSERT_TRUE(root) << root.error().what;
  expect_sound(**root);
  Tree tree = test::read_tree(**root);
  EXPECT_EQ(0755U, tree["etc/preinit"].entry.mode);
  EXPECT_TRUE(tree["etc/preinit"].contents.starts_with("#!/bin/sh\n"));
  EXPECT_TRUE(tree.contains("sbin/init"));
  EXPECT_TRUE(tree.contains("sbin/kexec"));
  EXPECT_EQ("router\n", tree["etc/hostname"].contents);
}

TEST_F(BusyboxRoots, StickRoot) {
  auto root = minimal_stick_root({.busybox = busybox, .kexec = {}, .hostname = "router"}, env);
  ASSERT_TRUE(root) << root.error().what;
  expect_sound(**root);
  Findings findings;
  auto complete = usb_root(*root, {}, env, findings);
  ASSERT_TRUE(complete) << complete.error().what;
  EXPECT_TRUE(findings.list().empty());
  Tree tree = test::read_tree(*complete->tree);
  for (const char* script : {"etc/init.d/rcS", "etc/init.d/rcK", "usr/sbin/usbboot-ok"}) {
    EXPECT_EQ(0755U, tree[script].entry.mode) << script;
  }
  EXPECT_TRUE(tree.contains("etc/inittab"));
  EXPECT_TRUE(tree.contains("mnt/usbboot"));
  EXPECT_FALSE(tree.contains("sbin/kexec"));
}

TEST_F(BusyboxRoots, I1_Initramfs) {
  auto source = initramfs_tree(request(), env);
  ASSERT_TRUE(source) << source.error().what;
  expect_sound(**source);
  Tree tree = test::read_tree(**source);
  EXPECT_EQ(EntryType::file, tree["init"].entry.type);
  EXPECT_EQ(0755U, tree["init"].entry.mode);
  EXPECT_EQ(
      "name default\ntitle A title\npriority 100\nmedium 1234-ABCD\n"
      "root image:boot/default/root.img\noptions rw,noatime\ninit /sbin/init\n",
      tree["etc/entry.conf"].contents);
  EXPECT_FALSE(tree.contains("etc/modules"));
  std::size_t parts = 0;
  for (std::size_t at = 0; (at = tree["init"].contents.find("\n. /", at)) != std::string::npos;) {
    at += 4;  // what it sources is there
    std::string path = tree["init"].contents.substr(at, tree["init"].contents.find('\n', at) - at);
    EXPECT_TRUE(tree.contains(path)) << path;
    ++parts;
  }
  EXPECT_GT(parts, 4U);
}

TEST_F(BusyboxRoots, I3_OnlyNeededModules) {
  test::ModuleFixture plain;
  write("6.1.192/kernel/usb-storage.ko", test::ModuleFixture{.depends = "scsi_mod"}.bytes());
  write("6.1.192/kernel/scsi/scsi_mod.ko", plain.bytes());
  write("6.1.192/kernel/unused.ko", plain.bytes());
  InitramfsRequest wanted = request();
  Findings findings;
  auto set = kernel::ModuleSet::open({path("6.1.192")}, env, findings).value();
  wanted.modules = plan_modules(set, {"usb_storage", "built-in"}, nullptr, findings).value();
  auto source = initramfs_tree(wanted, env);
  ASSERT_TRUE(source);
  expect_sound(**source);
  Tree tree = test::read_tree(**source);
  EXPECT_EQ(read("6.1.192/kernel/usb-storage.ko"),
            tree["lib/modules/6.1.192/kernel/usb-storage.ko"].contents);
  EXPECT_EQ(plain.bytes(), tree["lib/modules/6.1.192/kernel/scsi/scsi_mod.ko"].contents);
  EXPECT_FALSE(tree.contains("lib/modules/6.1.192/kernel/unused.ko"));
  EXPECT_EQ("kernel/scsi/scsi_mod.ko:\nkernel/usb-storage.ko: kernel/scsi/scsi_mod.ko\n",
            tree["lib/modules/6.1.192/modules.dep"].contents);
  EXPECT_EQ("scsi_mod\nusb-storage\n", tree["etc/modules"].contents);
}

TEST_F(BusyboxRoots, RefuseABusyboxThatCannotRun) {
  InitramfsRequest wanted = request();
  wanted.busybox = write("x86", test::tiny_elf({.machine = 62}));
  EXPECT_FALSE(initramfs_tree(wanted, env));
  EXPECT_FALSE(minimal_flash_root({.busybox = wanted.busybox, .kexec = {}, .hostname = {}}, env));
  EXPECT_FALSE(minimal_stick_root({.busybox = wanted.busybox, .kexec = {}, .hostname = {}}, env));
}

TEST_F(BusyboxRoots, DebiansBusyboxHasAllApplets) {
  shell(
      "busybox --list | sort >have; "
      "grep -v '^#' '" +
      test::source_directory() +
      "/templates/applets' | "
      "while read -r folder names; do for n in $names; do echo \"$n\"; done; done | sort >want; "
      "comm -13 have want >missing; ! [ -s missing ] || { cat missing; exit 1; }");
}

}  // namespace
}  // namespace trxkit::rootfs
