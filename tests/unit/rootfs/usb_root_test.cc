// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/usb_root.h"

#include <algorithm>

#include "lib/archive/memory.h"

#include "tests/unit/rootfs/fixtures.h"

namespace trxkit::rootfs {
namespace {

using archive::EntryType;
using archive::MemoryTree;
using Tree = std::map<std::string, test::SeenEntry>;

struct UsbRootTest : test::Scratch {
  static std::shared_ptr<MemoryTree> empty(const std::string& name = "root.tar") {
    auto tree = std::make_shared<MemoryTree>(name, 1600000000);
    tree->add_directory("");
    return tree;
  }

  // The files that matter of OpenWrt 12.09 for brcm47xx, with block-extroot.
  static std::shared_ptr<MemoryTree> era_a() {
    auto tree = empty();
    tree->add_text("etc/openwrt_release",
                   "DISTRIB_ID=\"OpenWrt\"\nDISTRIB_RELEASE=\"12.09\"\n"
                   "DISTRIB_DESCRIPTION=\"OpenWrt Attitude 12.09\"\n");
    tree->add_text("etc/preinit", "#!/bin/sh\n. /lib/functions.sh\n", 0755);
    for (const char* hook :
         {"05_mount_skip", "10_check_for_mtd", "20_check_jffs2_ready",
          "20_failsafe_set_boot_wait_brcm", "30_failsafe_wait", "40_mount_jffs2",
          "41_merge_overlay_hooks", "50_determine_usb_root", "55_determine_extroot_sysupgrade",
          "60_pivot_usb_root", "70_pivot_jffs2_root", "80_mount_root", "90_mount_no_jffs2"}) {
      tree->add_text(std::string("lib/preinit/") + hook, "#!/bin/sh\n");
    }
    for (const char* program : {"sbin/mtd", "sbin/firstboot", "sbin/sysupgrade", "usr/sbin/nvram",
                                "sbin/mount_root", "sbin/jffs2mark", "sbin/init"}) {
      tree->add_text(program, std::string("original ") + program, 0755);
    }
    return tree;
  }

  // Those of OpenWrt 14.07 to today for bcm47xx, with block-mount.
  static std::shared_ptr<MemoryTree> era_b() {
    auto tree = empty();
    tree->add_text("etc/openwrt_release", "DISTRIB_DESCRIPTION='OpenWrt 23.05.3 r23809'\n");
    tree->add_text("etc/preinit", "#!/bin/sh\n[ -z \"$PREINIT\" ] && exec /sbin/init\n", 0755);
    tree->add_text("lib/preinit/79_move_config", "boot_hook_add preinit_mount_root move_config\n");
    tree->add_text("lib/preinit/80_mount_root", "do_mount_root() { mount_root; }\n");
    tree->add_text("lib/preinit/81_urandom_seed", "[ -c /dev/urandom ] || return\n");
    for (const char* program :
         {"sbin/init", "sbin/procd", "sbin/mtd", "sbin/block", "sbin/mount_root", "sbin/firstboot",
          "sbin/sysupgrade", "sbin/snapshot_tool", "usr/sbin/nvram", "lib/upgrade/stage2",
          "usr/libexec/validate_firmware_image", "etc/rc.button/reset", "etc/init.d/done"}) {
      tree->add_text(program, std::string("original ") + program, 0755);
    }
    tree->add_symlink("sbin/jffs2reset", "mount_root");
    tree->add_symlink("sbin/swapon", "/sbin/block");
    tree->add_text("etc/uci-defaults/09_fix_crc", "#!/bin/sh\nmtd fixtrx firmware\n");
    tree->add_text("etc/uci-defaults/10-fstab", "#!/bin/sh\n# mtd write\ntrue\n");
    return tree;
  }

  UsbRoot root_of(const archive::SourcePointer& source, const UsbRootOptions& options = {}) {
    findings = {};
    auto root = usb_root(source, options, env, findings);
    EXPECT_TRUE(root) << root.error().what;
    return root ? std::move(*root) : UsbRoot{};
  }

  Tree tree_of(const archive::SourcePointer& source) {
    UsbRoot root = root_of(source);
    return root.tree ? test::read_tree(*root.tree) : Tree{};
  }

  std::string guard(const std::string& name) {
    return shell("cat '" + test::source_directory() + "/templates/usb-root/" + name + "'");
  }

  Findings findings;
};

TEST_F(UsbRootTest, R1_NoOverlayHookIsLeftBeforeProcd) {
  Tree tree = tree_of(era_a());
  std::string left;
  for (const auto& [path, seen] : tree) {
    if (path.starts_with("lib/preinit/")) left += path.substr(12) + " ";
  }
  EXPECT_EQ(left, "05_mount_skip 30_failsafe_wait 80_mount_root ");
  EXPECT_EQ(tree["lib/preinit/80_mount_root"].contents, guard("80_mount_root"));
  EXPECT_TRUE(findings.list().empty());
}

TEST_F(UsbRootTest, R1_NoOverlayHookIsLeftWithProcd) {
  Tree tree = tree_of(era_b());
  EXPECT_FALSE(tree.contains("lib/preinit/79_move_config"));
  EXPECT_EQ(tree["lib/preinit/80_mount_root"].contents, guard("80_mount_root"));
  EXPECT_TRUE(tree.contains("lib/preinit/81_urandom_seed"));
}

TEST_F(UsbRootTest, R1_TellsTheErasApart) {
  UsbRoot root = root_of(era_a());
  EXPECT_EQ(root.kind, RootKind::openwrt_sh);
  EXPECT_EQ(root.version, "OpenWrt Attitude 12.09");
  EXPECT_EQ(root.init, "/etc/preinit");
  root = root_of(era_b());
  EXPECT_EQ(root.kind, RootKind::openwrt_procd);
  EXPECT_EQ(root.version, "OpenWrt 23.05.3 r23809");
  EXPECT_EQ(root.init, "/sbin/init");
}

TEST_F(UsbRootTest, R4_WritersAreReplaced) {
  Tree tree = tree_of(era_b());
  for (const char* path : {"sbin/mtd", "sbin/firstboot", "sbin/jffs2reset", "lib/upgrade/stage2"}) {
    EXPECT_EQ(tree[path].contents, guard("refuse")) << path;
    EXPECT_EQ(tree[path].entry.mode, 0755U) << path;
  }
  EXPECT_EQ(tree["sbin/sysupgrade"].contents, guard("sysupgrade"));
  EXPECT_EQ(tree["sbin/mount_root"].contents, guard("mount_root"));
  EXPECT_EQ(tree["etc/rc.button/reset"].contents, guard("reset-button"));
  EXPECT_EQ(tree["usr/libexec/validate_firmware_image"].contents, guard("validate_firmware_image"));
  EXPECT_FALSE(tree.contains("sbin/snapshot_tool"));
  EXPECT_EQ(tree["etc/init.d/done"].contents, "original etc/init.d/done");
}

TEST_F(UsbRootTest, R4_KeepsProgramsBehindTheirGuards) {
  Tree tree = tree_of(era_b());
  EXPECT_EQ(tree["usr/lib/usbboot/mtd"].contents, "original sbin/mtd");
  EXPECT_EQ(tree["usr/lib/usbboot/nvram"].contents, "original usr/sbin/nvram");
  EXPECT_EQ(tree["usr/lib/usbboot/block"].contents, "original sbin/block");
  EXPECT_EQ(tree["usr/lib/usbboot/swapon"].entry.link_target, "block");
  EXPECT_EQ(tree["usr/sbin/nvram"].contents, guard("nvram"));
  EXPECT_EQ(tree["sbin/block"].contents, guard("block"));
}

TEST_F(UsbRootTest, R9_UciDefaultsOfTheFlashAreLeftOut) {
  Tree tree = tree_of(era_b());
  EXPECT_FALSE(tree.contains("etc/uci-defaults/09_fix_crc"));
  EXPECT_TRUE(tree.contains("etc/uci-defaults/10-fstab"));
}

TEST_F(UsbRootTest, NothingIsMountedUnasked) {
  auto root = era_b();
  EXPECT_TRUE(tree_of(root)["etc/config/fstab"].contents.contains("anon_mount '0'"));
  root->add_text("etc/config/fstab",
                 "config global\n\toption anon_mount '1'\n\toption auto_mount 1\n"
                 "\toption auto_swap '1'\n");
  EXPECT_EQ(tree_of(root)["etc/config/fstab"].contents,
            "config global\n\toption anon_mount '0'\n\toption auto_mount 0\n"
            "\toption auto_swap '1'\n");
}

TEST_F(UsbRootTest, AGoodStartIsNotedInOpenWrt) {
  Tree tree = tree_of(era_b());
  EXPECT_EQ(tree["etc/rc.d/S99usbboot"].entry.link_target, "../init.d/usbboot");
  EXPECT_EQ(tree["etc/rc.d/K99usbboot"].entry.link_target, "../init.d/usbboot");
  for (const char* command : {"usbboot-ok", "usbboot-say", "usbboot-end", "usbboot-halt",
                              "usbboot-switch", "usbboot-reset"}) {
    EXPECT_EQ(tree[std::string("usr/sbin/") + command].contents, guard(command)) << command;
  }
  for (const char* part : {"gpio.sh", "led.sh"}) {
    EXPECT_EQ(tree[std::string("etc/usbboot/") + part].contents, guard(std::string("../") + part));
  }
  EXPECT_EQ(tree["mnt/usbboot"].entry.type, EntryType::directory);
  EXPECT_EQ(tree["dev/console"].entry.type, EntryType::character_device);
}

TEST_F(UsbRootTest, R11_StatusLedIsThatOfTheBoard) {
  EXPECT_EQ(tree_of(era_b())["etc/usbboot/led.conf"].contents, "LED='none'\n");
  UsbRoot root = root_of(era_b(), {.led = "power gpio:10:low"});
  EXPECT_EQ(test::read_tree(*root.tree)["etc/usbboot/led.conf"].contents,
            "LED='power gpio:10:low'\n");
}

TEST_F(UsbRootTest, ListsWhatItChanged) {
  UsbRoot root = root_of(era_b());
  std::map<std::string, std::string> changes;
  for (const RootChange& change : root.changes) changes[change.path] = change.what;
  EXPECT_EQ(changes["sbin/mtd"], "refuses: it would write the flash");
  EXPECT_EQ(changes["etc/uci-defaults/09_fix_crc"], "left out: it writes the flash (mtd)");
  EXPECT_EQ(changes["usr/sbin/usbboot-ok"], "added");
  EXPECT_TRUE(std::ranges::is_sorted(root.changes, {}, &RootChange::path));
}

TEST_F(UsbRootTest, AsItIsChangesNothing) {
  auto source = era_b();
  UsbRoot root = root_of(source, {.as_is = true});
  EXPECT_EQ(root.tree, source);
  EXPECT_TRUE(root.changes.empty());
  ASSERT_TRUE(findings.has("FSR034"));
  EXPECT_TRUE(findings.list().front().message.contains("/sbin/mtd"));
}

TEST_F(UsbRootTest, AsItIsWithoutWritersIsSilent) {
  auto source = empty();
  source->add_text("sbin/init", "#!/bin/sh\n", 0755);
  root_of(source, {.as_is = true});
  EXPECT_TRUE(findings.list().empty());
}

TEST_F(UsbRootTest, UnknownHooksAndScriptsAreNamed) {
  auto source = era_b();
  source->add_text("lib/preinit/75_mine", "boot_hook_add preinit_mount_root my_opt\n");
  source->add_text("lib/preinit/76_mine", "mtd -q erase nvram\n");
  Tree tree = tree_of(source);
  EXPECT_TRUE(tree.contains("lib/preinit/75_mine"));
  EXPECT_TRUE(tree.contains("lib/preinit/76_mine"));
  ASSERT_TRUE(findings.has("FSR032"));
  ASSERT_TRUE(findings.has("FSR031"));
  EXPECT_TRUE(findings.list()[0].message.contains("my_opt"));
}

TEST_F(UsbRootTest, WrapperOfAFlashRootIsTakenOut) {
  auto source = era_b();
  source->add_text("etc/preinit", "#!/bin/sh\n# usbboot-preinit: 1\n", 0755);
  source->add_text("etc/preinit.00", "the original", 0755);
  source->add_text("etc/usbboot.conf", "BOARD='x'\n");
  source->add_text("etc/usbboot/usb.sh", "x");
  Tree tree = tree_of(source);
  EXPECT_EQ(tree["etc/preinit"].contents, "the original");
  EXPECT_FALSE(tree.contains("etc/preinit.00"));
  EXPECT_FALSE(tree.contains("etc/usbboot/usb.sh"));
  EXPECT_TRUE(tree.contains("etc/usbboot/led.sh")) << "the commands on USB use it";
  EXPECT_TRUE(findings.has("FSR035"));
}

TEST_F(UsbRootTest, RootWithoutInit) {
  auto source = empty();
  source->add_text("etc/passwd", "root::0:0\n");
  auto root = usb_root(source, {}, env, findings);
  ASSERT_FALSE(root);
  EXPECT_EQ(root.error().finding, "FSR030");
  source->add_text("bin/busybox", "busybox", 0755);
  Tree tree = tree_of(source);
  EXPECT_EQ(tree["sbin/init"].entry.link_target, "/bin/busybox");
  EXPECT_EQ(tree["etc/inittab"].contents, guard("plain/inittab"));
  EXPECT_EQ(tree["etc/init.d/rcS"].contents, guard("plain/rcS"));
  EXPECT_EQ(tree["etc/fstab"].contents, guard("plain/fstab"));
  EXPECT_TRUE(findings.list().empty());
}

TEST_F(UsbRootTest, UnknownInitIsTheUsersToCallUsbbootOk) {
  auto source = empty();
  source->add_text("sbin/init", "#!/bin/sh\n", 0755);
  EXPECT_FALSE(tree_of(source).contains("etc/inittab"));
  EXPECT_TRUE(findings.has("FSR033"));
}

TEST_F(UsbRootTest, InittabOfBusyboxIsCompleted) {
  auto source = empty();
  source->add_symlink("sbin/init", "../bin/busybox");
  source->add_text("bin/busybox", "busybox", 0755);
  source->add_text("etc/inittab", "::sysinit:/etc/init.d/rcS");
  source->add_text("etc/init.d/rcS", "#!/bin/sh\n", 0755);
  Tree tree = tree_of(source);
  EXPECT_EQ(tree["etc/inittab"].contents,
            "::sysinit:/etc/init.d/rcS\n::once:/usr/sbin/usbboot-ok\n"
            "::shutdown:/usr/sbin/usbboot-halt\n");
  EXPECT_EQ(tree["etc/init.d/rcS"].contents, "#!/bin/sh\n");
}

TEST_F(UsbRootTest, DebianWithSystemdBehindMergedUsr) {
  auto source = empty();
  source->add_text("etc/debian_version", "12.5\n");
  source->add_text("usr/lib/os-release", "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
  source->add_symlink("sbin", "usr/sbin");
  source->add_symlink("lib", "usr/lib");
  source->add_text("usr/lib/systemd/systemd", "systemd", 0755);
  source->add_symlink("usr/sbin/init", "/lib/systemd/systemd");
  source->add_text("usr/sbin/flash_erase", "mtd-utils", 0755);
  UsbRoot root = root_of(source);
  EXPECT_EQ(root.kind, RootKind::debian);
  EXPECT_EQ(root.version, "Debian GNU/Linux 12 (bookworm)");
  Tree tree = test::read_tree(*root.tree);
  EXPECT_EQ(tree["usr/sbin/flash_erase"].contents, guard("refuse"));
  EXPECT_EQ(tree["etc/fstab"].contents, guard("debian/fstab"));
  EXPECT_TRUE(tree.contains("usr/lib/systemd/system-shutdown/usbboot"));
  EXPECT_EQ(tree["etc/systemd/system/multi-user.target.wants/usbboot-ok.service"].entry.link_target,
            "../usbboot-ok.service");
}

TEST_F(UsbRootTest, R8_DebianWithSysvinitUnmountsTheStickLast) {
  auto source = empty();
  source->add_text("etc/debian_version", "12.5\n");
  source->add_text("sbin/init", "sysvinit", 0755);
  source->add_text("etc/init.d/rc", "#!/bin/sh\n", 0755);
  source->add_text("etc/init.d/.depend.start", "TARGETS = dropbear\n");
  source->add_text("etc/init.d/.depend.stop", "TARGETS = umountroot reboot\n");
  source->add_text("etc/inittab", "id:2:initdefault:\n#T0:23:respawn:/sbin/getty -L ttyS0\n");
  source->add_symlink("etc/rc6.d/K09umountroot", "../init.d/umountroot");
  source->add_symlink("etc/rc6.d/K10reboot", "../init.d/reboot");
  source->add_text("etc/fstab", "# mine\n");
  Tree tree = tree_of(source);
  EXPECT_EQ(tree["etc/rc6.d/K09usbboot"].entry.link_target, "../init.d/usbboot");
  EXPECT_TRUE(tree.contains("etc/rc2.d/S99usbboot"));
  for (const char* stage : {"start", "stop"}) {
    EXPECT_FALSE(tree.contains(std::string("etc/init.d/.depend.") + stage))
        << "it would leave usbboot out";
  }
  EXPECT_EQ(tree["etc/fstab"].contents, "# mine\n");
  EXPECT_TRUE(tree["etc/inittab"].contents.contains("getty -L console"));
}

TEST_F(UsbRootTest, HostileScriptsAreRefused) {
  auto source = era_b();
  source->add_text("lib/preinit/99_large", std::string(300 << 10, 'x'));
  auto root = usb_root(source, {}, env, findings);
  ASSERT_FALSE(root);
  EXPECT_EQ(root.error().code, Code::bad_input);
}

TEST_F(UsbRootTest, FoldersThatLinkInACircleEnd) {
  auto source = empty();
  source->add_symlink("sbin", "usr/sbin");
  source->add_symlink("usr/sbin", "../../sbin");
  source->add_symlink("lib", "lib");
  source->add_text("bin/busybox", "busybox", 0755);
  findings = {};
  auto root = usb_root(source, {}, env, findings);
  ASSERT_FALSE(root);
  EXPECT_EQ(root.error().code, Code::bad_input);
}

TEST_F(UsbRootTest, R7_OpenwrtLeavesTheInterfaceToTheServerAlone) {
  for (const auto& source : {era_a(), era_b()}) {
    source->add_text("etc/config/network", "config interface lan\n");
    source->add_text("lib/preinit/98_usbboot_network", "an older one\n");
    UsbRoot root = root_of(source, {.on_server = true});
    Tree tree = test::read_tree(*root.tree);
    EXPECT_EQ(tree["lib/preinit/98_usbboot_network"].contents, guard("network/98_usbboot_network"));
    EXPECT_EQ(tree["etc/config/network"].contents, guard("network/config"));
    EXPECT_EQ(tree["etc/config/network.before-usbboot"].contents, "config interface lan\n");
    EXPECT_EQ(tree["usr/sbin/usbboot-lease"].entry.mode, 0755u);
  }
  Tree tree = tree_of(era_b());
  EXPECT_FALSE(tree.contains("lib/preinit/98_usbboot_network"));
  EXPECT_FALSE(tree.contains("etc/config/network"));
}

TEST_F(UsbRootTest, R7_DebianLeavesTheInterfaceToTheServerAlone) {
  auto source = empty();
  source->add_text("etc/debian_version", "12.5\n");
  source->add_text("sbin/init", "init", 0755);
  source->add_text("etc/network/interfaces", "auto eth0\n");
  UsbRoot root = root_of(source, {.on_server = true});
  Tree tree = test::read_tree(*root.tree);
  EXPECT_EQ(tree["etc/network/interfaces"].contents, guard("network/interfaces"));
  EXPECT_EQ(tree["etc/network/interfaces.before-usbboot"].contents, "auto eth0\n");
  EXPECT_FALSE(tree.contains("etc/systemd/system/usbboot-lease.service"));
}

TEST_F(UsbRootTest, R7_SystemdKeepsTheLease) {
  auto source = empty();
  source->add_text("etc/debian_version", "12.5\n");
  source->add_text("sbin/init", "init", 0755);
  source->add_text("lib/systemd/systemd", "systemd", 0755);
  const std::string systemd_folder = "etc/systemd/system/", unit = "usbboot-lease.service";
  Tree tree = test::read_tree(*root_of(source, {.on_server = true}).tree);
  EXPECT_EQ(tree[systemd_folder + unit].contents, guard("debian/" + unit));
  EXPECT_EQ(tree[systemd_folder + "multi-user.target.wants/" + unit].entry.link_target,
            "../" + unit);
  EXPECT_FALSE(test::read_tree(*root_of(source, {}).tree).contains(systemd_folder + unit));
}

}  // namespace
}  // namespace trxkit::rootfs
