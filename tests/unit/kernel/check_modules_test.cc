// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Modules against the kernel that shall load them, one fault at a time.
#include <gmock/gmock.h>

#include "lib/kernel/module_catalogue.h"

#include "tests/unit/kernel/modules_fixture.h"

namespace trxkit::kernel {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using CheckModules = Modules;

TEST_F(CheckModules, ForAnotherKernel) {
  add("a");
  kernel.vermagic = "6.1.192 SMP mod_unload MIPS32_R2 32BIT ";
  order({"a"});
  EXPECT_EQ(codes(), "MOD001");
  EXPECT_THAT(message(), HasSubstr("\"6.1.192 SMP mod_unload MIPS32_R2 32BIT\""));
  kernel.vermagic = "";  // a kernel that hides it: the release tells
  order({"a"});
  EXPECT_EQ(codes(), "");
  kernel.release = "6.1.191";
  order({"a"});
  EXPECT_EQ(codes(), "MOD001");
}

TEST_F(CheckModules, WithModversionsTheReleaseDoesNotCount) {
  add("a");
  kernel.vermagic = "6.1.190 mod_unload MIPS32_R2 32BIT ";
  kernel.config = KernelConfig::parse("CONFIG_MODULES=y\nCONFIG_MODVERSIONS=y\n");
  order({"a"});
  EXPECT_EQ(codes(), "");
  kernel.config = KernelConfig::parse("CONFIG_MODULES=y\n");
  order({"a"});
  EXPECT_EQ(codes(), "MOD001");
}

TEST_F(CheckModules, ForAnotherProcessor) {
  for (auto module : {test::ModuleFixture{.is_64_bit = true},
                      {.big_endian = true},
                      {.machine = 62},
                      {.flags = 0x90001001}}) {
    add("a", module);
    order({"a"});
    EXPECT_EQ(codes(), "MOD002");
  }
}

TEST_F(CheckModules, MissingDependency) {
  add("usb-storage", "scsi_mod");
  EXPECT_THAT(order({"usb-storage"}), ElementsAre("usb_storage"));
  EXPECT_EQ(codes(), "MOD003");
  EXPECT_THAT(hint(), HasSubstr("kmod-scsi-core"));
  write("6.1.192/modules.builtin", "kernel/drivers/scsi/scsi_mod.ko\n");
  order({"usb-storage"});
  EXPECT_EQ(codes(), "");
}

TEST_F(CheckModules, WantedOnesThatAreNotThere) {
  order({"usb-storage", "jbd2"});
  EXPECT_EQ(codes(), "MOD006");
  EXPECT_THAT(message(), HasSubstr("usb_storage, jbd2"));
  EXPECT_THAT(hint(), HasSubstr("CONFIG_USB_STORAGE=m; OpenWrt: kmod-usb-storage"));
  kernel.config = KernelConfig::parse("CONFIG_USB_STORAGE=m\n");
  order({"usb-storage", "jbd2"});  // jbd2 is asked for by ext4 where that is a module
  EXPECT_EQ(codes(), "MOD004");
  kernel.config = KernelConfig::parse("CONFIG_MODULES=y\n");
  order({"usb-storage"});
  EXPECT_EQ(codes(), "MOD005");
  kernel.config = KernelConfig::parse("CONFIG_USB_STORAGE=y\n");
  EXPECT_THAT(plan({"usb-storage"}).built_in, ElementsAre("usb_storage"));
  EXPECT_EQ(codes(), "");
}

TEST_F(CheckModules, FolderOfAnotherKernel) {
  add("a");
  shell("mv 6.1.192 6.1.190");
  order({"a"}, {path("6.1.190")});
  EXPECT_EQ(codes(), "MOD009");
  shell("mv 6.1.190 my-modules");  // says nothing
  order({"a"}, {path("my-modules")});
  EXPECT_EQ(codes(), "");
}

TEST_F(CheckModules, TwoOfOneName) {
  add("usb-storage");
  write("6.1.192/extra/usb_storage.ko", test::ModuleFixture{}.bytes());
  order({"usb-storage"});
  EXPECT_EQ(codes(), "MOD011");
}

TEST_F(CheckModules, KernelThatTakesNone) {
  add("a");
  kernel.config = KernelConfig::parse("# CONFIG_MODULES is not set\n");
  order({"a"});
  EXPECT_EQ(codes(), "MOD012");
}

TEST_F(CheckModules, UnknownKernel) {
  known = false;
  add("a");
  order({"a"});
  EXPECT_EQ(codes(), "MOD013");
  add("b", test::ModuleFixture{.vermagic = "6.1.192 SMP MIPS32_R2 32BIT "});
  order({"a", "b"});
  EXPECT_EQ(codes(), "MOD014 MOD013");
}

TEST_F(CheckModules, FolderThatWasNotCopiedWhole) {
  add("a");
  write("6.1.192/modules.dep", "kernel/a.ko:\nkernel/b.ko: kernel/a.ko\nkernel/c.ko:\n");
  order({"a"});
  EXPECT_EQ(codes(), "");
  order({"a", "b"});
  EXPECT_EQ(codes(), "MOD007 MOD006");
}

TEST_F(CheckModules, WhatTheBoardsWantIsKnown) {
  for (const char* name : {"usb-storage", "nls_iso8859-1", "bcma-hcd"}) {
    EXPECT_NE(origin_of(name), nullptr) << name;
  }
  EXPECT_EQ(origin_of("unheard-of"), nullptr);
  for (const char* root : {"image:x", "label:x", "uuid:x", "nbd:x", "nfs:x", "http:x", "tmpfs:"}) {
    for (const std::string& name : modules_for_root(root)) {
      EXPECT_NE(origin_of(name), nullptr) << name;
    }
  }
  EXPECT_THAT(modules_for_root("tmpfs:"), IsEmpty());
  EXPECT_THAT(modules_for_root("nfs:host:/path"), ElementsAre("nfs", "nfsv3"));
}

}  // namespace
}  // namespace trxkit::kernel
