#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""templates/initramfs-init. Ids in the names are the requirements in docs/boot-chain.md."""

import unittest

from case import Case

ENTRY = """name default
title Test
medium 1234-ABCD
root image:boot/default/root.img
options rw,noatime
init /sbin/init
"""
ROOT = {"sbin/init": "#!/bin/sh\n", "proc/x": "", "sys/x": "", "dev/x": "", "mnt/usbboot/x": ""}


class Initramfs(Case):
    def setUp(self):
        super().setUp()
        self.box.template("initramfs-init", "init")
        self.box.write("etc/entry.conf", ENTRY)
        for folder in ("mnt/root", "mnt/usbboot"):
            (self.box.root / folder).mkdir()
        self.tags = {"UUID=1234-ABCD": "/dev/sda1"}
        self.stick = {"boot/default/root.img": "ext4\n"}
        self.root = dict(ROOT)

    def boot(self, fstype: str = "vfat", root_device: str = "loop0", executable: bool = True):
        self.box.add_stick("sda1", fstype, self.stick)
        for path, contents in self.root.items():
            self.box.write(f"fake/media/{root_device}/files/{path}", contents,
                           0o755 if executable else 0o644)
        if root_device != "loop0":
            self.box.write(f"fake/media/{root_device}/fstype", "ext4\n")
        self.box.write("state/tags", "".join(f"{t} {d}\n" for t, d in self.tags.items()))
        self.box.run("/init")

    def assertReboots(self, message: str):
        self.assertSays(message)
        self.assertSays("fallback: rebooting in 10 seconds")
        self.assertEqual("reboot -f", self.box.log[-1])
        self.assertEqual([], self.box.calls("switch_root"))

    def test_I2_I5_I10_loop_root(self):
        self.boot()
        self.assertEqual("switch_root /mnt/root /sbin/init", self.box.log[-1],
                         self.fails_with_output())
        self.assertEqual("1\n", self.box.read("state/switch-pid"))
        wanted = ["mount -t ext4 -o rw,noatime /dev/sda1 /mnt/usbboot",
                  "mount -t vfat -o rw,noatime /dev/sda1 /mnt/usbboot",
                  "losetup -f", "losetup /dev/loop0 /mnt/usbboot/boot/default/root.img",
                  "mount -t ext4 -o rw,noatime /dev/loop0 /mnt/root",
                  "mount --move /mnt/usbboot /mnt/root/mnt/usbboot",
                  "mount --move /dev /mnt/root/dev", "mount --move /sys /mnt/root/sys",
                  "mount --move /proc /mnt/root/proc"]
        self.assertEqual(wanted, [call for call in self.box.log if call in wanted])
        left = [line.split()[1] for line in
                self.box.read("state/mounts-at-switch").splitlines()[1:]]
        self.assertTrue(all(place.startswith("/mnt/root") for place in left), left)

    def test_I4_waits_for_the_medium(self):
        self.box.at(9, "echo 'UUID=1234-ABCD /dev/sda1' >/state/tags")
        self.tags = {}
        self.boot("ext4")
        self.assertEqual("switch_root /mnt/root /sbin/init", self.box.log[-1])
        self.assertGreater(self.box.seconds, 9)

    def test_I4_I11_no_medium(self):
        self.tags = {}
        self.boot()
        self.assertReboots("no medium with UUID 1234-ABCD in 15 seconds")
        self.assertLess(self.box.seconds, 0.86 + 15 + 10 + 1)

    def test_I4_medium_by_its_label(self):
        self.box.write("etc/entry.conf", ENTRY.replace("1234-ABCD", "label:USBBOOT"))
        self.tags = {"LABEL=USBBOOT": "/dev/sda1"}
        self.boot()
        self.assertEqual("switch_root /mnt/root /sbin/init", self.box.log[-1])

    def test_I4_no_medium_with_that_label(self):
        self.box.write("etc/entry.conf", ENTRY.replace("1234-ABCD", "label:USBBOOT"))
        self.boot()
        self.assertReboots("no medium with LABEL USBBOOT in 15 seconds")

    def test_I3_modules_in_order(self):
        self.box.write("etc/modules", "usbcore\nsd_mod\n")
        self.box.write("state/modules", "usbcore\n")
        self.boot()
        self.assertEqual(["modprobe usbcore", "modprobe sd_mod"], self.box.calls("modprobe"))
        self.assertEqual("switch_root /mnt/root /sbin/init", self.box.log[-1])

    def test_partition_roots(self):
        for root, tag in (("label:USBROOT", "LABEL=USBROOT"), ("uuid:77-88", "UUID=77-88")):
            with self.subTest(root):
                self.setUp()
                self.box.write("etc/entry.conf", ENTRY + f"root {root}\n")
                self.tags[tag] = "/dev/sda2"
                self.boot(root_device="sda2")
                self.assertIn("mount -t ext4 -o rw,noatime /dev/sda2 /mnt/root", self.box.log)
                self.assertEqual("switch_root /mnt/root /sbin/init", self.box.log[-1])

    def test_entry_on_the_medium_is_preferred(self):
        self.stick["boot/entries/default.conf"] = \
            "root image:boot/new.img\ninit /bin/new\nmedium 9999-9999\n"
        self.stick["boot/new.img"] = "ext4\n"
        self.root["bin/new"] = "#!/bin/sh\n"
        self.boot()
        self.assertEqual("switch_root /mnt/root /bin/new", self.box.log[-1],
                         self.fails_with_output())

    def test_I6_init_behind_links(self):
        self.box.add_stick("sda1", "vfat", self.stick)
        files = self.box.root / "fake/media/loop0/files"
        del self.root["sbin/init"]
        self.root["usr/lib/systemd"] = "x"
        (files / "usr/sbin").mkdir(parents=True)
        (files / "sbin").symlink_to("usr/sbin")
        (files / "usr/sbin/init").symlink_to("/usr/lib/systemd")
        self.boot()
        self.assertEqual("switch_root /mnt/root /sbin/init", self.box.log[-1],
                         self.fails_with_output())

    def test_I6_I11_no_init(self):
        del self.root["sbin/init"]
        self.boot()
        self.assertReboots("the root has no executable /sbin/init")

    def test_I6_I11_init_not_executable(self):
        self.boot(executable=False)
        self.assertReboots("the root has no executable /sbin/init")

    def test_I11_failures(self):
        for message, change in (
                ("there is no root image boot/default/root.img", {"boot/default/root.img": ""}),
                ("cannot mount boot/default/root.img", {"boot/default/root.img": "ntfs\n"})):
            with self.subTest(message):
                self.setUp()
                self.stick |= change
                self.boot()
                self.assertReboots(message)

    def test_I11_no_loop_device(self):
        self.box.fail("losetup")
        self.boot()
        self.assertReboots("no free loop device")

    def test_I11_unknown_root(self):
        self.box.write("etc/entry.conf", ENTRY + "root floppy:1\n")
        self.boot()
        self.assertReboots('unknown root "floppy:1"')

    def test_I11_no_entry(self):
        (self.box.root / "etc/entry.conf").unlink()
        self.boot()
        self.assertReboots("there is no /etc/entry.conf")

    def test_I11_root_without_a_place_for_the_medium(self):
        self.root = {"sbin/init": "#!/bin/sh\n", "proc/x": ""}
        self.box.write("fake/media/loop0/files/mnt", "a file")
        self.boot()
        self.assertReboots("the root has no folder /mnt/usbboot or /mnt for the medium")

    def test_kernel_without_devtmpfs(self):
        self.box.fail("devtmpfs")
        self.boot()
        self.assertIn("mdev -s", self.box.log)
        self.assertEqual("switch_root /mnt/root /sbin/init", self.box.log[-1])


if __name__ == "__main__":
    unittest.main()
