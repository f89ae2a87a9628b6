// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/flash_root.h"

#include "lib/archive/memory.h"

#include "tests/unit/module_fixture.h"
#include "tests/unit/program_fixture.h"
#include "tests/unit/rootfs/fixtures.h"

namespace trxkit::rootfs {
namespace {

using archive::EntryType;
using archive::MemoryTree;

const std::string kStock = "#!/bin/sh\n[ -z \"$PREINIT\" ] && exec /sbin/init\n\x80\xff\n";

std::shared_ptr<MemoryTree> stock_root() {
  auto tree = std::make_shared<MemoryTree>("stock.tar", 1600000000);
  tree->add_directory("etc");
  archive::Entry& preinit = tree->add_text("etc/preinit", kStock, 0755);
  preinit.uid = 3;
  preinit.gid = 4;
  tree->add_text("usr/sbin/kexec", "kexec", 0755);
  return tree;
}

struct FlashRootTest : test::Scratch {
  FlashRootTest() : board(*board::load_board("qemu-malta", env)) {}

  Result<FlashRoot> make(FlashRootRequest request) {
    findings = {};
    return flash_root(request, board, env, findings);
  }

  std::map<std::string, test::SeenEntry> tree_of(FlashRootRequest request) {
    auto root = make(std::move(request));
    EXPECT_TRUE(root) << root.error().what;
    return root ? test::read_tree(*root->tree) : std::map<std::string, test::SeenEntry>{};
  }

  Error error_of(FlashRootRequest request) {
    auto root = make(std::move(request));
    EXPECT_FALSE(root);
    return root ? Error{} : root.error();
  }

  std::string template_text(const std::string& name) {
    return shell("cat '" + test::source_directory() + "/templates/" + name + "'");
  }

  board::Board board;
  Findings findings;
};

TEST_F(FlashRootTest, P1_KeepsTheOriginalByteForByte) {
  auto tree = tree_of({.base = stock_root()});
  EXPECT_EQ(kStock, tree["etc/preinit.00"].contents);
  EXPECT_EQ(0755U, tree["etc/preinit.00"].entry.mode);
  EXPECT_EQ(3U, tree["etc/preinit.00"].entry.uid);
  EXPECT_EQ(4U, tree["etc/preinit.00"].entry.gid);
  EXPECT_EQ(1600000000, tree["etc/preinit.00"].entry.mtime);
  EXPECT_EQ(template_text("preinit"), tree["etc/preinit"].contents);
  EXPECT_EQ(0755U, tree["etc/preinit"].entry.mode);
  EXPECT_EQ(0U, tree["etc/preinit"].entry.uid);
  EXPECT_TRUE(findings.list().empty());
}

TEST_F(FlashRootTest, ForcesConsoleRootAndMountPoints) {
  auto base = stock_root();
  base->add_directory("", 0700).uid = 1000;
  base->add_directory("dev", 0700);
  base->add_text("dev/console", "a file");
  base->add_directory("tmp", 0777).uid = 5;
  auto tree = tree_of({.base = base});
  EXPECT_EQ(0755U, tree[""].entry.mode);
  EXPECT_EQ(0U, tree[""].entry.uid);
  EXPECT_EQ(0755U, tree["dev"].entry.mode);
  const archive::Entry& console = tree["dev/console"].entry;
  EXPECT_EQ(EntryType::character_device, console.type);
  EXPECT_EQ(5U, console.device_major);
  EXPECT_EQ(1U, console.device_minor);
  EXPECT_EQ(0600U, console.mode);
  EXPECT_EQ(EntryType::directory, tree["proc"].entry.type);
  EXPECT_EQ(5U, tree["tmp"].entry.uid) << "what the base has stays as it is";
}

TEST_F(FlashRootTest, NeverChainsWrappers) {
  auto first = make({.base = stock_root()});
  ASSERT_TRUE(first);
  EXPECT_FALSE(first->carried_wrapper);
  auto second = make({.base = first->tree});
  ASSERT_TRUE(second) << second.error().what;
  EXPECT_TRUE(second->carried_wrapper);
  auto once = test::read_tree(*first->tree);
  auto twice = test::read_tree(*second->tree);
  EXPECT_EQ(kStock, twice["etc/preinit.00"].contents);
  EXPECT_EQ(once.size(), twice.size());
  for (auto& [path, seen] : once) {
    EXPECT_EQ(seen.contents, twice[path].contents) << path;
    EXPECT_EQ(seen.entry.mode, twice[path].entry.mode) << path;
  }
}

TEST_F(FlashRootTest, RenewsAnOldWrapper) {
  auto base = std::make_shared<MemoryTree>("old", 0);
  base->add_text("etc/preinit", "#!/bin/sh\n# usbboot-preinit: version of long ago\n", 0755);
  base->add_text("etc/preinit.00", kStock, 0755);
  auto tree = tree_of({.base = base});
  EXPECT_EQ(kStock, tree["etc/preinit.00"].contents);
  EXPECT_EQ(template_text("preinit"), tree["etc/preinit"].contents);
}

TEST_F(FlashRootTest, ResolvesALinkedPreinitInsideTheRoot) {
  for (const char* target : {"/lib/real", "../lib/real", "second"}) {
    auto base = std::make_shared<MemoryTree>("linked", 0);
    base->add_text("lib/real", kStock, 0755);
    base->add_symlink("etc/second", "/lib/real");
    base->add_symlink("etc/preinit", target);
    auto tree = tree_of({.base = base});
    EXPECT_EQ(EntryType::file, tree["etc/preinit.00"].entry.type) << target;
    EXPECT_EQ(kStock, tree["etc/preinit.00"].contents) << target;
    EXPECT_EQ(EntryType::file, tree["etc/preinit"].entry.type) << target;
    EXPECT_EQ(kStock, tree["lib/real"].contents) << target;
  }
}

TEST_F(FlashRootTest, RefusesAPreinitThatIsNotThere) {
  for (const char* target : {"/nowhere", "../../../../etc/passwd", "preinit", "/lib"}) {
    auto base = std::make_shared<MemoryTree>("bad", 0);
    base->add_directory("lib");
    base->add_symlink("etc/preinit", target);
    EXPECT_EQ(Code::bad_input, error_of({.base = base}).code) << target;
  }
  auto empty = std::make_shared<MemoryTree>("empty.tar", 0);
  Error error = error_of({.base = empty});
  EXPECT_EQ(Code::bad_input, error.code);
  EXPECT_EQ("empty.tar", error.where.file);
  EXPECT_NE("", error.hint);
}

TEST_F(FlashRootTest, RefusesWhatWouldLoseTheOriginal) {
  auto base = stock_root();
  base->add_text("etc/preinit.00", "somebody else's", 0755);
  EXPECT_EQ("has an /etc/preinit.00, but its /etc/preinit is not trxkit's",
            error_of({.base = base}).what);
  auto lost = std::make_shared<MemoryTree>("lost", 0);
  lost->add_text("etc/preinit", "#!/bin/sh\n# usbboot-preinit: x\n", 0755);
  EXPECT_EQ(Code::bad_input, error_of({.base = lost}).code);
  lost->add_text("etc/preinit.00", "#!/bin/sh\n# usbboot-preinit: x\n", 0755);
  EXPECT_EQ("/etc/preinit.00 is a wrapper too: the original preinit is lost",
            error_of({.base = lost}).what);
  auto plain = std::make_shared<MemoryTree>("plain", 0);
  plain->add_text("etc/preinit", kStock, 0644);
  EXPECT_EQ("/etc/preinit is not executable", error_of({.base = plain}).what);
}

TEST_F(FlashRootTest, SettingsOfTheBoard) {
  board.name = "odd 'name'";
  board.modules = {"usbcore", "nls_iso8859_1"};
  auto tree = tree_of({.base = stock_root()});
  write("conf", tree["etc/usbboot.conf"].contents);
  EXPECT_EQ(
      "odd 'name'|usbcore nls_iso8859_1 crc32c_generic nls_cp437 vfat ext4 loop|5|10||",
      shell("dash -c '. ./conf; printf %s \"$BOARD|$MODULES|$USB_WAIT|$DISK_WAIT|$URL|$IP\"'"));
  for (const char* part : {"usb.sh", "pivot.sh", "pivot_mounts.sh", "check.sh", "e2fsck.conf"}) {
    EXPECT_EQ(template_text(part), tree[std::string("etc/usbboot/") + part].contents);
  }
  EXPECT_FALSE(tree.contains("etc/usbboot/network.sh")) << "not asked for";
}

TEST_F(FlashRootTest, NetworkOnlyWhereAskedFor) {
  auto tree = tree_of({.base = stock_root(),
                       .wrapper = {.url = "http://192.168.1.2:8080/boot/x",
                                   .address = "192.168.1.1/24",
                                   .unsigned_network = true}});
  EXPECT_EQ(0755U, tree["etc/usbboot/udhcpc.sh"].entry.mode);
  for (const char* part : {"network.sh", "switch.sh"}) {
    EXPECT_EQ(template_text(part), tree[std::string("etc/usbboot/") + part].contents) << part;
  }
  const std::string& conf = tree["etc/usbboot.conf"].contents;
  EXPECT_TRUE(conf.contains("\nURL='http://192.168.1.2:8080/boot/x'\n")) << conf;
  EXPECT_TRUE(conf.contains("\nIP='192.168.1.1/24'\n")) << conf;
}

TEST_F(FlashRootTest, P14_MessagesAndOverlayOnlyWhereAskedFor) {
  auto tree = tree_of({.base = stock_root()});
  EXPECT_FALSE(tree.contains("etc/usbboot/overlay.sh"));
  tree = tree_of({.base = stock_root(),
                  .wrapper = {.address = "192.168.1.1/24", .udp = true, .overlay_config = true}});
  EXPECT_TRUE(tree.contains("etc/usbboot/network.sh"));
  EXPECT_EQ(template_text("overlay.sh"), tree["etc/usbboot/overlay.sh"].contents);
}

TEST_F(FlashRootTest, RefusesUnusableNetworkSettings) {
  for (const char* url : {"https://1.2.3.4/", "ftp://1.2.3.4/", "http://", "http://1.2.3.4/a b",
                          "http://1.2.3.4/$(reboot)", "http://server/x", "http://1.2.3/x",
                          "http://1.2.3.4.5/x", "http://1.2.3.256/x"}) {
    Error error =
        error_of({.base = stock_root(), .wrapper = {.url = url, .unsigned_network = true}});
    EXPECT_EQ(Code::usage, error.code) << url;
    EXPECT_TRUE(error.what.contains("is no URL")) << error.what;
  }
  for (const char* address : {"1.2.3.4", "1.2.3.256/24", "1.2.3.4/33", "1.2.3/8", "a.b.c.d/8",
                              "1.2.3.4/24 ", "1.2.3.4/-1", "1.2.3.4/"}) {
    EXPECT_EQ(
        Code::usage,
        error_of(
            {.base = stock_root(),
             .wrapper = {.url = "http://1.2.3.4/x", .address = address, .unsigned_network = true}})
            .code)
        << address;
  }
}

TEST_F(FlashRootTest, SaysWhereKexecIsMissing) {
  auto base = std::make_shared<MemoryTree>("stock.tar", 0);
  base->add_text("etc/preinit", kStock, 0755);
  tree_of({.base = base});
  EXPECT_TRUE(findings.has("FSR002"));
  std::string kexec = write("kexec", test::tiny_elf());
  auto tree = tree_of({.base = base, .kexec = kexec});
  EXPECT_TRUE(findings.list().empty());
  EXPECT_EQ(test::tiny_elf(), tree["usr/sbin/kexec"].contents);
  EXPECT_EQ(0755U, tree["usr/sbin/kexec"].entry.mode);
  write("kexec", test::tiny_elf({.dynamic = true}));
  EXPECT_EQ(Code::bad_input, error_of({.base = base, .kexec = kexec}).code);
}

TEST_F(FlashRootTest, ModulesGoWhereLibLeads) {
  board.modules = {"usb_storage"};
  test::ModuleFixture storage{.depends = "scsi_mod"};
  write("6.1.192/kernel/usb-storage.ko", storage.bytes());
  write("6.1.192/kernel/scsi_mod.ko", test::ModuleFixture{}.bytes());
  write("6.1.192/kernel/unused.ko", test::ModuleFixture{}.bytes());
  shell("ln -s /somewhere 6.1.192/build; gzip 6.1.192/kernel/usb-storage.ko");
  auto tree = tree_of({.base = stock_root(), .modules = {path("6.1.192/")}});
  EXPECT_EQ(storage.bytes(), tree["lib/modules/6.1.192/kernel/usb-storage.ko"].contents);
  EXPECT_FALSE(tree.contains("lib/modules/6.1.192/build"));
  EXPECT_FALSE(tree.contains("lib/modules/6.1.192/kernel/unused.ko"));
  EXPECT_TRUE(tree["etc/usbboot.conf"].contents.contains("'scsi_mod usb-storage'"));
  EXPECT_TRUE(findings.has("MOD013")) << "the kernel is not known";
  auto merged_usr = stock_root();
  merged_usr->add_directory("usr/lib");
  merged_usr->add_symlink("lib", "usr/lib");
  tree = tree_of({.base = merged_usr, .modules = {path("6.1.192")}});
  EXPECT_TRUE(tree.contains("usr/lib/modules/6.1.192/kernel/scsi_mod.ko"));
}

TEST_F(FlashRootTest, ModulesAgainstTheKernel) {
  board.modules = {"usb_storage"};
  write("6.1.192/kernel/usb-storage.ko", test::ModuleFixture{}.bytes());
  write("vmlinux", test::sound_kernel().bytes());
  tree_of({.base = stock_root(), .modules = {path("6.1.192")}, .kernel = path("vmlinux")});
  EXPECT_FALSE(findings.has("MOD001"));
  EXPECT_FALSE(findings.has("MOD013"));
  write("6.1.192/kernel/usb-storage.ko",
        test::ModuleFixture{.vermagic = "6.1.191 mod_unload MIPS32_R2 32BIT "}.bytes());
  tree_of({.base = stock_root(), .modules = {path("6.1.192")}, .kernel = path("vmlinux")});
  EXPECT_TRUE(findings.has("MOD001"));
  EXPECT_EQ(Code::io, error_of({.base = stock_root(), .modules = {path("none")}}).code);
}

TEST_F(FlashRootTest, KernelAgainstTheRoot) {
  auto kernel = test::sound_kernel();
  write("config", "CONFIG_BCM47XX=y\n# CONFIG_MIPS_FP_SUPPORT is not set\n");
  shell("gzip -9n < config > config.gz");
  test::carry_config(kernel, read("config.gz"));
  write("vmlinux", kernel.bytes());
  auto base = stock_root();
  tree_of({.base = base, .kernel = path("vmlinux")});
  EXPECT_TRUE(findings.has("ELF022")) << "KEXEC is off";
  EXPECT_FALSE(findings.has("ELF042"));
  base->add_text("bin/busybox", test::program_with(test::kDoublesInRegisters));
  tree_of({.base = base, .kernel = path("vmlinux")});
  EXPECT_TRUE(findings.has("ELF042"));
}

}  // namespace
}  // namespace trxkit::rootfs
