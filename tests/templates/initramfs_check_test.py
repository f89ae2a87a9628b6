#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Swap and file system checks of templates/initramfs-init."""

import unittest

from initramfs_case import InitramfsCase


class Swap(InitramfsCase):
    def test_partition_with_the_usual_label(self):
        self.tags["LABEL=USBSWAP"] = "/dev/sda2"
        self.boot()
        self.assertStarts()
        self.assertSays("swap: on /dev/sda2")
        self.assertEqual(["swapon /dev/sda2"], self.box.calls("swapon", "mkswap"))

    def test_none_there(self):
        self.boot()
        self.assertStarts()
        self.assertEqual([], self.box.calls("swapon"))
        self.assertLess(self.box.seconds, 3)

    def test_not_wanted(self):
        self.tags["LABEL=USBSWAP"] = "/dev/sda2"
        self.entry += "swap none\n"
        self.boot()
        self.assertStarts()
        self.assertEqual([], self.box.calls("swapon"))

    def test_by_name(self):
        for value, tag in (("label:S", "LABEL=S"), ("uuid:1-2", "UUID=1-2")):
            with self.subTest(value):
                self.setUp()
                self.entry += f"swap {value}\n"
                self.tags |= {tag: "/dev/sda3", "LABEL=USBSWAP": "/dev/sda2"}
                self.boot()
                self.assertStarts()
                self.assertEqual(["swapon /dev/sda3"], self.box.calls("swapon"))

    def test_missing_or_refused_is_no_failure(self):
        self.entry += "swap label:S\n"
        self.boot()
        self.assertSays("swap: no partition with LABEL=S: going on without swap")
        self.assertStarts()
        self.setUp()
        self.tags["LABEL=USBSWAP"] = "/dev/sda2"
        self.box.fail("swapon")
        self.boot()
        self.assertSays("swap: cannot use /dev/sda2")
        self.assertStarts()


class Check(InitramfsCase):
    def test_I12_swap_then_check_then_mount(self):
        self.tags["LABEL=USBSWAP"] = "/dev/sda2"
        self.add_checker("e2fsck")
        self.add_checker("fsck.fat")
        self.boot()
        self.assertStarts()
        self.assertOrder("swapon /dev/sda2", "fsck.fat -p /dev/sda1",
                         "mount -t vfat -o rw,noatime /dev/sda1 /mnt/usbboot",
                         "e2fsck -p /dev/loop0",
                         "mount -t ext4 -o rw,noatime /dev/loop0 /mnt/root")
        self.assertSays("fsck: boot/default/root.img is clean")

    def test_I12_no_checker_no_check(self):
        self.boot()
        self.assertStarts()
        self.assertSays("fsck: /dev/sda1 is not checked: there is no fsck.fat here")
        self.assertSays("fsck: boot/default/root.img is not checked: there is no e2fsck here")

    def test_I12_repaired(self):
        for status in (1, 2, 3):
            with self.subTest(status):
                self.setUp()
                self.add_checker("e2fsck", status)
                self.boot()
                self.assertSays("fsck: boot/default/root.img is repaired")
                self.assertStarts()

    def test_I11_I12_damage_that_stays(self):
        for status in (4, 8, 12, 16, 139):
            with self.subTest(status):
                self.setUp()
                self.add_checker("e2fsck", status)
                self.boot()
                self.assertReboots(rf"cannot be repaired \(e2fsck says {status}\)")
                self.assertNotIn("mount -t ext4 -o rw,noatime /dev/loop0 /mnt/root", self.box.log)

    def test_I11_damaged_medium(self):
        self.add_checker("fsck.fat", 2)
        self.boot()
        self.assertReboots("fsck: the medium is damaged")

    def test_I11_check_that_never_ends(self):
        self.add_checker("e2fsck", 0, "/stub/busybox sleep 600")
        self.box.write("state/centis", "9000000")
        self.box.write("lib/usbboot/watchdog.sh",
                       self.box.read("lib/usbboot/watchdog.sh").replace("usleep 50000", "sleep 60"))
        self.boot()
        self.assertReboots(r"e2fsck says 124")

    def test_partition_root_is_checked(self):
        self.entry += "root label:USBROOT\n"
        self.tags["LABEL=USBROOT"] = "/dev/sda2"
        self.root_device = "sda2"
        self.add_checker("e2fsck")
        self.boot()
        self.assertOrder("e2fsck -p /dev/sda2", "mount -t ext4 -o rw,noatime /dev/sda2 /mnt/root")

    def test_root_on_the_medium_itself_is_checked_once(self):
        self.entry += "root uuid:1234-ABCD\n"
        self.fstype = "ext4"
        self.stick |= self.root
        self.executable = True
        self.root_device = "sda1"
        self.add_checker("e2fsck")
        self.boot()
        self.assertEqual(["e2fsck -p /dev/sda1"], self.box.calls("e2fsck"))
        self.assertStarts()

    def test_read_only_roots_are_not_checked(self):
        for options in ("ro", "overlay"):
            with self.subTest(options):
                self.setUp()
                self.entry += f"options {options}\n"
                self.add_checker("e2fsck")
                self.boot()
                self.assertStarts()
                self.assertEqual([], self.box.calls("e2fsck"))

    def test_not_wanted(self):
        self.entry += "fsck no\n"
        self.add_checker("e2fsck", 4)
        self.boot()
        self.assertStarts()
        self.assertEqual([], self.box.calls("e2fsck"))

    def large_root(self, swap_kib: int):
        """58000 KiB of RAM, 60 GiB of disk: 61440 KiB are needed."""
        self.entry += "root label:USBROOT\n"
        self.tags |= {"LABEL=USBROOT": "/dev/sda2", "LABEL=USBSWAP": "/dev/sda3"}
        self.root_device = "sda2"
        self.box.write("fake/sys/class/block/sda2/size", f"{60 << 21}\n")
        self.box.write("state/swap", f"{swap_kib}\n")
        self.add_checker("e2fsck")
        self.boot()
        self.assertStarts()

    def test_I12_too_little_memory_for_a_check(self):
        self.large_root(3439)
        self.assertSays("label:USBROOT is not checked: that takes 61440 KiB of memory, 61439 KiB "
                        "are there")
        self.assertEqual([], self.box.calls("e2fsck"))

    def test_I12_swap_counts_as_memory(self):
        self.large_root(3440)
        self.assertEqual(["e2fsck -p /dev/sda2"], self.box.calls("e2fsck"))

    def test_other_file_systems_are_checked_too(self):
        self.entry += "mount label:D /opt ext4 rw\n"
        self.tags["LABEL=D"] = "/dev/sda4"
        self.add_disk("sda4", "ext4", {})
        self.add_checker("e2fsck")
        self.boot()
        self.assertOrder("e2fsck -p /dev/sda4", "mount -t ext4 -o rw /dev/sda4 /mnt/root/opt")


if __name__ == "__main__":
    unittest.main()
