#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""templates/check.sh under preinit's pivot.sh: what the flash system checks before it mounts the file systems
of an entry without a kernel. Ids in the names are the requirements in docs/boot-chain.md."""

import unittest

from pivot_case import ENTRY, PivotCase, ext, fat32, swap_start

IMAGE = "/tmp/usbboot/mnt/boot/own/root.img"
MEDIUM_CHECK = "fsck.fat -p /tmp/usbboot/sda1"
MOUNT_MEDIUM = "mount -t vfat -o rw,noatime /tmp/usbboot/sda1 /tmp/usbboot/mnt"
MOUNT_ROOT = f"mount -t ext4 -o loop,rw,noatime {IMAGE} /tmp/usbboot/root"


class PivotCheck(PivotCase):
    def setUp(self):
        super().setUp()
        self.box.write("state/nodes/sda1", fat32(0x1234ABCD, "USBBOOT"))

    def test_B8_I12_swap_then_check_then_mount(self):
        self.add_partition("sda2", swap_start("USBSWAP"))
        self.add_checker("fsck.fat")
        self.add_checker("e2fsck", then="echo config $E2FSCK_CONFIG")
        self.boot()
        self.started()
        self.assertOrder("swapon /tmp/usbboot/sda2", MEDIUM_CHECK, MOUNT_MEDIUM, f"e2fsck -p {IMAGE}",
                         MOUNT_ROOT)
        self.assertSays("fsck: sda1 is clean")
        self.assertSays("fsck: boot/own/root.img is clean")
        self.assertSays("config /etc/usbboot/e2fsck.conf")

    def test_B8_I12_flash_system_without_checkers_says_so(self):
        self.boot()
        self.started()
        self.assertSays("fsck: sda1 is not checked: there is no fsck.fat here")
        self.assertSays("fsck: boot/own/root.img is not checked: there is no e2fsck here")

    def test_B8_I12_not_wanted(self):
        self.files["boot/entries/own.conf"] = ENTRY + "fsck no\n"
        self.add_checker("e2fsck", 4)
        self.boot()
        self.started()
        self.assertEqual([], self.box.calls("e2fsck"))
        self.assertNotIn("fsck:", self.box.output)

    def test_B8_I12_repaired(self):
        self.add_checker("fsck.fat", 1)
        self.add_checker("e2fsck", 3)
        self.boot()
        self.started()
        self.assertSays("fsck: sda1 is repaired")
        self.assertSays("fsck: boot/own/root.img is repaired")

    def test_B8_I12_damage_that_stays_is_undone(self):
        for program, status, name in (("fsck.fat", 2, "sda1"), ("e2fsck", 4, "boot/own/root.img"),
                                      ("e2fsck", 139, "boot/own/root.img")):
            with self.subTest(program, status=status):
                self.setUp()
                self.add_checker(program, status)
                self.boot()
                self.assertUndone(rf"fsck: {name} cannot be repaired \({program} says {status}\)")

    def test_B8_I12_read_only_root_is_not_checked(self):
        self.files["boot/entries/own.conf"] = ENTRY + "options ro\n"
        self.add_checker("e2fsck", 4)
        self.boot()
        self.started()
        self.assertEqual([], self.box.calls("e2fsck"))

    def test_B8_I12_root_on_the_medium_itself_is_checked_once(self):
        self.fstype = "ext4"
        self.box.write("state/nodes/sda1", ext("USBROOT", bytes(16)))
        self.files = {**self.files, **self.root, "boot/entries/own.conf": "root label:USBROOT\ninit /sbin/start\n"}
        self.add_checker("e2fsck")
        self.boot()
        self.assertEqual(["e2fsck -p /tmp/usbboot/sda1"], self.box.calls("e2fsck"))

    def test_B8_without_guard_the_stick_is_only_written_where_the_root_lies_on_it(self):
        image = "root image:boot/own/root.img\ninit /sbin/start\n"
        for entry, access in (("root label:USBROOT\ninit /sbin/start\n", "ro"), (image, "rw"),
                              (image + "options noatime,ro\n", "ro")):
            with self.subTest(entry):
                self.setUp()
                self.files |= {"boot/boot.conf": "guard no\n", "boot/entries/own.conf": entry}
                self.add_root_partition(ext("USBROOT", bytes(16)))
                self.add_checker("fsck.fat")
                self.boot()
                self.started()
                self.assertIn(MOUNT_MEDIUM.replace("rw,noatime", f"{access},noatime"), self.box.log)
                self.assertEqual([MEDIUM_CHECK] if access == "rw" else [], self.box.calls("fsck.fat"))

    def test_B8_I12_R10_other_file_systems_are_checked_too(self):
        self.files["boot/entries/own.conf"] = ENTRY + "mount label:USBDATA /opt ext4 rw,nofail\n"
        self.add_partition("sda2", ext("USBDATA", bytes(16)))
        self.add_checker("e2fsck", then='case $2 in */sda2) exit 4 ;; esac')
        self.boot()
        self.started()
        self.assertSays("fsck: label:USBDATA cannot be repaired")
        self.assertSays("cannot mount label:USBDATA on /opt: going on without it")

    def partition_of_60_gib(self, swap_kib: int):
        """58000 KiB of RAM; 61440 KiB are needed."""
        self.files["boot/entries/own.conf"] = "root label:USBROOT\ninit /sbin/start\n"
        self.add_root_partition(ext("USBROOT", bytes(16)))
        self.add_partition("sda3", swap_start("USBSWAP"))
        self.box.write("fake/sys/class/block/sda2/size", f"{60 << 21}\n")
        self.box.write("state/swap", f"{swap_kib}\n")
        self.add_checker("e2fsck")
        self.boot()
        self.started()

    def test_B8_I12_too_little_memory_for_a_check(self):
        self.partition_of_60_gib(3439)
        self.assertSays("label:USBROOT is not checked: that takes 61440 KiB of memory, 61439 KiB are there")
        self.assertEqual([], self.box.calls("e2fsck"))

    def test_B8_I12_swap_counts_as_memory(self):
        self.partition_of_60_gib(3440)
        self.assertEqual(["e2fsck -p /tmp/usbboot/sda2"], self.box.calls("e2fsck"))

    def test_B8_I12_an_image_counts_by_its_size(self):
        self.box.write("fake/proc/meminfo", "MemTotal: 1 kB\nMemAvailable: 48000 kB\n")
        self.files["boot/own/root.img"] = ext("", bytes(16)) + bytes(2 << 20)
        self.add_checker("e2fsck")
        self.boot()
        self.started()
        self.assertSays("boot/own/root.img is not checked: that takes 2 KiB of memory, 1 KiB are there")


if __name__ == "__main__":
    unittest.main()
