// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A second-stage loader and the root that it falls back to: the trees, and the kernels in them,
// judged by cpio and readelf.
#include "lib/rootfs/second_stage.h"

#include <gmock/gmock.h>

#include "lib/archive/memory.h"
#include "lib/rootfs/fallback_root.h"
#include "lib/rootfs/flash_root.h"
#include "lib/rootfs/minimal.h"

#include "tests/unit/kernel_fixture.h"
#include "tests/unit/rootfs/fixtures.h"

namespace trxkit::rootfs {
namespace {

using ::testing::HasSubstr;

struct SecondStageTest : test::Scratch {
  SecondStageTest() : board(*board::load_board("qemu-malta", env)) {
    write("busybox", test::tiny_elf());
    write("kexec", test::tiny_elf());
    write("vmlinux", test::sound_kernel(0x80100000, "malta").bytes());
  }

  Result<FlashRoot> make_tree() {
    auto base = minimal_second_stage(
        {.busybox = path("busybox"), .kexec = path("kexec"), .hostname = "router"}, env);
    if (!base) return std::unexpected(base.error());
    return flash_root({.base = *base, .kernel = path("vmlinux"), .in_initramfs = true}, board, env,
                      findings);
  }

  Result<archive::SourcePointer> make_fallback(const std::string& command_line = "") {
    auto base = std::make_shared<archive::MemoryTree>("root.tar", 0);
    base->add_directory("etc");
    base->add_text("etc/preinit", "#!/bin/sh\n", 0755);
    return fallback_root({.base = base, .kernel = path("vmlinux"), .command_line = command_line},
                         board, folder, env, findings);
  }

  board::Board board;
  Findings findings;
};

TEST_F(SecondStageTest, HasTheSearchOfFlashRoots) {
  auto root = make_tree();
  ASSERT_TRUE(root) << root.error().what;
  auto tree = test::read_tree(*root->tree);
  EXPECT_EQ(0755u, tree["init"].entry.mode);
  EXPECT_THAT(tree["init"].contents, HasSubstr("exec /etc/preinit"));
  EXPECT_THAT(tree["etc/preinit"].contents, HasSubstr("# usbboot-preinit:"));
  EXPECT_THAT(tree["etc/preinit.00"].contents, HasSubstr("the fallback system"));
  EXPECT_THAT(tree["etc/usbboot.conf"].contents, HasSubstr("BOARD='qemu-malta'"));
  for (const char* path : {"etc/usbboot/usb.sh", "etc/usbboot/kexec.sh", "etc/inittab",
                           "sbin/kexec", "sbin/init", "mnt", "dev/console"}) {
    EXPECT_TRUE(tree.contains(path)) << path;
  }
  EXPECT_FALSE(tree.contains("etc/usbboot/pivot.sh"));
}

TEST_F(SecondStageTest, KernelCarriesIt) {
  auto root = make_tree();
  ASSERT_TRUE(root) << root.error().what;
  OutputFile output = OutputFile::create(path("loader.elf")).value();
  auto embedded =
      write_second_stage({.tree = root->tree.get(), .kernel = path("vmlinux")}, board, output, env);
  ASSERT_TRUE(embedded) << embedded.error().what;
  ASSERT_TRUE(output.commit());
  EXPECT_THAT(embedded->command_line, HasSubstr("mem=64M"));
  EXPECT_THAT(embedded->command_line, HasSubstr("console=ttyS0,115200"));
  std::string segment = shell("readelf -lW loader.elf | grep 'LOAD.*RW '");
  EXPECT_THAT(segment, HasSubstr(fmt::format("{:#x}", embedded->initramfs_address)));
  // Not packed: the loader is known by its text.
  shell("dd if=loader.elf of=cpio bs=4096 skip=$((0x" + segment.substr(segment.find("0x") + 2, 6) +
        " / 4096)) 2>/dev/null");
  std::string list = shell("cpio -it --quiet <cpio 2>/dev/null");
  EXPECT_THAT(list, HasSubstr("etc/preinit.00\n"));
  EXPECT_THAT(read("loader.elf"), HasSubstr("usbboot-second-stage: 1"));
}

TEST_F(SecondStageTest, TooLargeForTheRouter) {
  write("busybox", test::tiny_elf() + std::string(64 << 20, 'x'));
  auto root = make_tree();
  ASSERT_TRUE(root) << root.error().what;
  OutputFile output = OutputFile::create(path("loader.elf")).value();
  auto embedded =
      write_second_stage({.tree = root->tree.get(), .kernel = path("vmlinux")}, board, output, env);
  ASSERT_FALSE(embedded);
  EXPECT_EQ(embedded.error().code, Code::does_not_fit);
}

TEST_F(SecondStageTest, FallbackRootIsTheBaseAndAKernel) {
  auto root = make_fallback();
  ASSERT_TRUE(root) << root.error().what;
  auto tree = test::read_tree(**root);
  EXPECT_EQ("#!/bin/sh\n", tree["etc/preinit"].contents);
  EXPECT_FALSE(tree.contains("etc/preinit.00"));
  EXPECT_FALSE(tree.contains("etc/usbboot.conf"));
  EXPECT_TRUE(tree.contains("dev/console"));
  const std::string& kernel = tree[std::string(kFallbackKernel)].contents;
  EXPECT_THAT(kernel, HasSubstr("mem=64M"));
  EXPECT_THAT(kernel, HasSubstr("console=ttyS0,115200"));
  EXPECT_LT(kernel.size(), read("vmlinux").size()) << "symbols";
  EXPECT_FALSE(findings.has("ELF026"));
  auto other = make_fallback("root=/dev/mtdblock2");
  ASSERT_TRUE(other) << other.error().what;
  EXPECT_THAT(test::read_tree(**other)[std::string(kFallbackKernel)].contents,
              HasSubstr("mem=64M panic=10 root=/dev/mtdblock2"));
}

TEST_F(SecondStageTest, FallbackKernelThatCannotBeTold) {
  auto kernel = test::sound_kernel(0x80100000, "malta");
  kernel.symbols.clear();
  write("vmlinux", kernel.bytes());
  ASSERT_TRUE(make_fallback());
  EXPECT_TRUE(findings.has("ELF061"));
  auto refused = make_fallback("root=/dev/mtdblock2");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::bad_input);
  kernel.machine = 62;
  write("vmlinux", kernel.bytes());
  EXPECT_EQ(make_fallback().error().code, Code::bad_input);
}

}  // namespace
}  // namespace trxkit::rootfs
