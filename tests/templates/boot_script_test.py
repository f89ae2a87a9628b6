#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""templates/boot.sh. Ids in the names are the requirements in docs/boot-chain.md."""

import unittest

from case import Case, sha256
from stick_case import KERNEL, OTHER, StickCase, entry


class FromStick(StickCase):
    def test_B2_order(self):
        self.box.write("fake/sys/class/net/eth0/carrier", "1\n")
        self.box.write("fake/sys/class/net/lo/carrier", "1\n")
        self.boot()
        self.assertNewKernel()
        self.assertEqual(
            ["mount -t vfat -o ro /dev/sda1 /tmp/usbboot/mnt",
             "kexec -l /tmp/usbboot/mnt/boot/default/vmlinux.elf --dtb=/tmp/usbboot/dummy.dtb",
             "umount /tmp/usbboot/mnt",
             "mount -t vfat -o rw,noatime /dev/sda1 /tmp/usbboot/mnt", "sync", "umount /tmp/usbboot/mnt",
             "ifconfig eth0 down", "sync", "kexec -e"], self.box.log)
        self.assertNotIn("/tmp/usbboot/mnt", self.box.read("state/mounts-at-kexec"))
        self.assertEqual(KERNEL, (self.box.root / "state/loaded-kernel").read_bytes())

    def test_B5_interfaces_go_down_and_kexec_is_left_to_do_so_too(self):
        """kexec takes them down itself, unless it is told not to (-x, --no-ifdown)."""
        for name in ("eth0", "wlan0", "lo"):
            self.box.write(f"fake/sys/class/net/{name}/carrier", "1\n")
        self.boot()
        self.assertNewKernel()
        self.assertEqual(["ifconfig eth0 down", "ifconfig wlan0 down"], self.box.calls("ifconfig"))
        self.assertLess(self.box.log.index("ifconfig wlan0 down"), self.box.log.index("kexec -e"))
        self.assertFalse([call for call in self.box.calls("kexec") if {"-x", "--no-ifdown"} & set(call.split())])

    def test_P14_tells_by_udp_where_preinit_does(self):
        self.box.write("etc/environment.sh", "USBBOOT_BROADCAST=10.0.0.255\nexport USBBOOT_BROADCAST\n"
                       "exec sh /tmp/usbboot/boot.sh usb /dev/sda1 vfat\n")
        self.box.add_stick("sda1", "vfat", self.files)
        self.box.mounted_already()
        self.box.run("/bin/sh", "/etc/environment.sh")
        self.assertNewKernel()
        said = [line for line in self.box.output.splitlines() if line.startswith("usbboot: ")]
        self.assertEqual([f"netmsg 10.0.0.255 {line}" for line in said], self.box.calls("netmsg"))

    def test_B2_journal_is_not_replayed(self):
        self.boot("ext4")
        self.assertIn("mount -t ext4 -o ro,noload /dev/sda1 /tmp/usbboot/mnt", self.box.log)
        self.assertNewKernel()

    def test_B2_load_that_fails_or_lies(self):
        for stub in ("kexec-l", "kexec-silent"):
            with self.subTest(stub):
                self.setUp()
                self.box.fail(stub)
                self.boot()
                self.assertGaveUp("fallback|kexec: kexec ")

    def test_B2_medium_that_cannot_be_unmounted(self):
        self.box.fail("umount")
        self.boot()
        self.assertSays("the stick stays mounted")
        self.assertNotIn("kexec -e", self.box.log)
        self.assertIn("kexec -u", self.box.log)

    def test_P14_progress_goes_out_by_udp_where_preinit_gives_an_address(self):
        self.boot()
        self.assertEqual([], self.box.calls("netmsg"))
        self.setUp()
        self.boot(USBBOOT_BROADCAST="10.0.0.255")
        self.assertRegex("\n".join(self.box.calls("netmsg")),
                         r"netmsg 10\.0\.0\.255 usbboot: \[[\d.]+\] kexec: starting default")

    def test_B1_kernel_without_kexec(self):
        (self.box.root / "fake/sys/kernel/kexec_loaded").unlink()
        self.boot()
        self.assertGaveUp("cannot start another one .it needs CONFIG_KEXEC")
        self.assertEqual([], self.box.calls("kexec"))

    def test_B1_no_kexec_program(self):
        (self.box.root / "sbin/kexec").unlink()
        self.boot()
        self.assertGaveUp("there is no kexec program")

    def test_B3_device_tree_option_by_version(self):
        for version, tree, wanted in (
                ("2.0.25", False, True), ("2.0.14", False, True), ("2.0.13", False, False),
                ("2.0.2", False, False), ("2.1.0", False, True), ("2.0.14.git", False, True),
                ("1.101.0", False, False), ("2.0.25", True, False), ("unknown", False, True)):
            with self.subTest(version=version, tree=tree):
                self.setUp()
                self.box.add_kexec(version)
                if tree:
                    self.box.write("fake/proc/device-tree/model", "x")
                self.boot()
                self.assertNewKernel()
                self.assertEqual(wanted, any("--dtb=" in call for call in self.box.log))
                if wanted:
                    self.assertTrue(self.box.read("state/dtb"), "an empty file is refused by kexec")

    def test_B4_wrong_checksum(self):
        self.files["boot/default/vmlinux.elf"] = KERNEL[:-1] + b"!"
        self.boot()
        self.assertGaveUp("/boot/default/vmlinux.elf has a wrong checksum")
        self.assertEqual([], self.box.calls("kexec"))

    def test_B4_truncated_or_missing_kernel(self):
        for contents, message in ((KERNEL[:100], "wrong checksum"), (b"", "missing or empty"),
                                  (None, "missing or empty")):
            with self.subTest(message):
                self.setUp()
                self.files["boot/default/vmlinux.elf"] = contents
                if contents is None:
                    del self.files["boot/default/vmlinux.elf"]
                self.boot()
                self.assertGaveUp(message)

    def test_B4_entry_without_checksum_says_so(self):
        self.files["boot/entries/default.conf"] = entry(**{"kernel-sha256": ""})
        self.boot()
        self.assertSays("has no kernel-sha256: not checked")
        self.assertNewKernel()

    def test_B6_too_little_memory(self):
        self.box.write("fake/proc/meminfo", "MemTotal: 58000 kB\nMemAvailable: 4000 kB\n")
        self.boot()
        self.assertGaveUp("default needs 4117 KiB of memory to load, 4000 KiB are available")

    def test_B6_old_kernel_without_MemAvailable(self):
        self.box.write("fake/proc/meminfo", "MemFree: 3000 kB\nBuffers: 10 kB\nCached: 2000 kB\n")
        self.boot()
        self.assertNewKernel()

    def test_B7_kexec_that_comes_back(self):
        self.box.fail("kexec-e")
        self.boot()
        self.assertSays("kexec came back")
        self.assertEqual("kexec -u", self.box.log[-1])
        self.assertNotEqual(0, self.box.status)

    def test_B8_highest_priority(self):
        self.files |= {"boot/entries/a.conf": entry(OTHER, "a", priority=200),
                       "boot/a/vmlinux.elf": OTHER,
                       "boot/entries/z.conf": entry(OTHER, "z", priority=200),
                       "boot/z/vmlinux.elf": OTHER}
        self.boot()
        self.assertSays("entry a: The a system .priority 200.")
        self.assertEqual(OTHER, (self.box.root / "state/loaded-kernel").read_bytes())

    def test_B8_damaged_entries_are_passed_over(self):
        self.files |= {"boot/entries/broken.conf": b"\0\xff\n\n ; rm -rf / $(reboot) `reboot`\n",
                       "boot/entries/nokernel.conf": entry(name="x", kernel="", priority=999),
                       "boot/entries/badpriority.conf": entry(OTHER, "y", priority="1; reboot"),
                       "boot/y/vmlinux.elf": OTHER}
        self.boot()
        self.assertNewKernel()
        self.assertEqual([], self.box.calls("reboot"))
        self.assertSays("entry default:")

    def test_B8_no_entry(self):
        del self.files["boot/entries/default.conf"]
        self.boot()
        self.assertGaveUp("there is no usable boot entry")

    def test_B4_next_entry_instead_of_a_faulty_one(self):
        faults = {"checksum": b"damaged", "empty": b"", "missing": None}
        for name, contents in faults.items():
            with self.subTest(name):
                self.setUp()
                self.entries("first", "second")
                self.files["boot/first/vmlinux.elf"] = contents
                if contents is None:
                    del self.files["boot/first/vmlinux.elf"]
                self.boot()
                self.assertStarts("second")
                self.assertEqual("second\n", self.box.medium("boot/tried"))

    def test_B4_next_entry_when_kexec_refuses_the_first(self):
        self.entries("first", "second")
        self.box.fail("kexec-l-first")
        self.boot()
        self.assertSays("kexec cannot load the kernel of first")
        self.assertStarts("second")

    def test_B4_read_only_root_is_checked(self):
        image = b"squashfs" * 1000
        for options, contents, starts in (("ro,noatime", image, True), ("ro", image + b"!", False),
                                          ("rw,noatime", image + b"!", True), ("noatime,ro", b"", False),
                                          ("overlay", image + b"!", False)):
            with self.subTest(options=options, size=len(contents)):
                self.setUp()
                self.files |= {"boot/default/root.img": contents, "boot/entries/default.conf": entry(
                    root="image:boot/default/root.img", options=options,
                    **{"root-sha256": sha256(image)})}
                self.boot()
                if starts:
                    self.assertNewKernel()
                    says = self.assertRegex if options.startswith("ro") else self.assertNotRegex
                    says(self.box.output, "root: /boot/default/root.img has the right checksum")
                else:
                    self.assertGaveUp("root.img has a wrong checksum" if contents else
                                      "there is no root image boot/default/root.img on the stick")
                    self.assertIsNone(self.box.medium("boot/tried"))

    def test_B4_archive_for_a_root_in_ram_is_checked(self):
        for contents, starts in ((b"archive", True), (b"damaged", False)):
            with self.subTest(contents):
                self.setUp()
                self.files |= {"boot/default/root.tar": contents, "boot/entries/default.conf": entry(
                    root="tmpfs:boot/default/root.tar", **{"root-sha256": sha256(b"archive")})}
                self.boot()
                if starts:
                    self.assertNewKernel()
                else:
                    self.assertGaveUp("/boot/default/root.tar has a wrong checksum")

    def test_B4_missing_root_image_costs_no_boot(self):
        for path in ("image:boot/default/root.img", "image:/../etc/passwd", "image:"):
            with self.subTest(path):
                self.setUp()
                self.files["boot/entries/default.conf"] = entry(root=path)
                self.boot()
                self.assertGaveUp("there is no root image")
                self.assertIsNone(self.box.medium("boot/tried"))

    def test_path_forms_and_line_ends(self):
        for path in ("default/vmlinux.elf", "/boot/default/vmlinux.elf", "boot/default/vmlinux.elf"):
            with self.subTest(path):
                self.setUp()
                self.files["boot/entries/default.conf"] = "\r\n".join(
                    ["title x", f"kernel {path}", f"kernel-sha256 {sha256(KERNEL)}"])
                self.boot()
                self.assertNewKernel()

    def test_path_out_of_the_boot_folder(self):
        self.files["boot/entries/default.conf"] = "kernel ../../../etc/passwd\n"
        self.boot()
        self.assertGaveUp("its kernel path leaves the boot folder")

    def test_medium_gone(self):
        self.box.add_stick("sda1", "vfat", self.files)
        self.box.mounted_already()
        self.box.run("/bin/sh", "/tmp/usbboot/boot.sh", "usb", "/dev/sda1", "ext4")
        self.assertGaveUp("cannot mount /dev/sda1 as ext4")


class Usage(Case):
    def test_unknown_way(self):
        self.box.template("boot.sh", "tmp/usbboot/boot.sh")
        self.box.mounted_already()
        self.box.run("/bin/sh", "/tmp/usbboot/boot.sh", "floppy")
        self.assertSays("boot.sh wants: usb DEVICE FSTYPE, or http URL")
        self.assertNotEqual(0, self.box.status)


if __name__ == "__main__":
    unittest.main()
