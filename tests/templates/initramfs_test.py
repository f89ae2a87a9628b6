#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""templates/initramfs-init, where all goes well. Ids in the names are the requirements in
docs/boot-chain.md."""

import subprocess
import unittest

from initramfs_case import ENTRY, InitramfsCase

LABELLED = ENTRY.replace("1234-ABCD", "label:USBBOOT")


class Medium(InitramfsCase):
    def test_I2_I5_I10_loop_root(self):
        self.boot()
        self.assertStarts()
        self.assertEqual("1\n", self.box.read("state/switch-pid"))
        self.assertOrder("mount -t vfat -o ro /dev/sda1 /mnt/usbboot", "umount /mnt/usbboot",
                         "mount -t vfat -o rw,noatime /dev/sda1 /mnt/usbboot",
                         "losetup -f", "losetup /dev/loop0 /mnt/usbboot/boot/default/root.img",
                         "mount -t ext4 -o rw,noatime /dev/loop0 /mnt/root",
                         "mount --move /mnt/usbboot /mnt/root/mnt/usbboot",
                         "mount --move /dev /mnt/root/dev", "mount --move /sys /mnt/root/sys",
                         "mount --move /proc /mnt/root/proc")
        left = [line.split()[1] for line in
                self.box.read("state/mounts-at-switch").splitlines()[1:]]
        self.assertTrue(all(place.startswith("/mnt/root") for place in left), left)

    def test_the_first_look_at_an_ext_medium_replays_no_journal(self):
        self.fstype = "ext4"
        self.boot()
        self.assertStarts()
        self.assertOrder("mount -t ext4 -o ro,noload /dev/sda1 /mnt/usbboot", "umount /mnt/usbboot",
                         "mount -t ext4 -o rw,noatime /dev/sda1 /mnt/usbboot")

    def test_ext_medium_with_another_driver(self):
        self.fstype = "ext4"
        self.box.write("fake/media/loop0/files/x", "")
        self.box.fail("mount-ext4")
        self.box.fail("mount-ext3")
        self.boot()
        self.assertReboots("cannot mount /dev/sda1")
        self.assertIn("mount -t ext2 -o rw,noatime /dev/sda1 /mnt/usbboot", self.box.log)

    def test_I4_waits_for_the_medium(self):
        self.box.at(9, "echo 'UUID=1234-ABCD /dev/sda1' >/state/tags")
        self.tags = {}
        self.boot()
        self.assertStarts()
        self.assertGreater(self.box.seconds, 9)

    def test_I4_medium_by_its_label(self):
        self.entry = LABELLED
        self.tags = {"LABEL=USBBOOT": "/dev/sda1"}
        self.boot()
        self.assertStarts()

    def test_I3_modules_in_order(self):
        self.box.write("etc/modules", "usbcore\nsd_mod\n")
        self.box.write("state/modules", "usbcore\n")
        self.boot()
        self.assertEqual(["modprobe usbcore", "modprobe sd_mod"], self.box.calls("modprobe"))
        self.assertStarts()

    def test_entry_on_the_medium_is_preferred(self):
        self.entry += "env OWN=1\nmount none /own tmpfs rw\n"
        self.stick["boot/entries/default.conf"] = \
            "root image:boot/new.img\r\ninit /bin/new\nmedium 9999-9999\nenv NEW=1"
        self.stick["boot/new.img"] = "ext4\n"
        self.root["bin/new"] = "#!/bin/sh\n"
        self.boot()
        self.assertStarts("/bin/new")
        environment = self.box.read("state/environment-at-switch").splitlines()
        self.assertIn("NEW=1", environment)
        self.assertNotIn("OWN=1", environment)
        self.assertIn("mount -t tmpfs -o rw none /mnt/root/own", self.box.log)

    def test_damaged_entry_on_the_medium_takes_nothing_away(self):
        self.stick["boot/entries/default.conf"] = "root\ninit \n\x01\x02\xff\xfe r\x00oot\nroo"
        self.boot()
        self.assertStarts()

    def test_medium_that_cannot_be_read_before_its_check(self):
        self.box.write("state/fail/mount-vfat", "")
        self.add_checker("fsck.fat", 1, "/stub/busybox rm /state/fail/mount-vfat")
        self.boot()
        self.assertSays("cannot read /dev/sda1 before it is checked")
        self.assertStarts()

    def test_kernel_without_devtmpfs(self):
        self.box.fail("devtmpfs")
        self.boot()
        self.assertIn("mdev -s", self.box.log)
        self.assertStarts()

    def test_without_the_guard_the_medium_of_a_read_only_root_is_not_written(self):
        self.stick["boot/boot.conf"] = "timeout 0\nguard no\n"
        self.entry += "options ro\n"
        self.boot()
        self.assertStarts()
        self.assertIn("mount -t vfat -o ro,noatime /dev/sda1 /mnt/usbboot", self.box.log)
        self.assertFalse([call for call in self.box.calls("mount") if "rw" in call])

    def test_without_the_guard_a_writable_root_still_is(self):
        self.stick["boot/boot.conf"] = "guard no\n"
        self.boot()
        self.assertStarts()
        self.assertIn("mount -t vfat -o rw,noatime /dev/sda1 /mnt/usbboot", self.box.log)


class Root(InitramfsCase):
    def test_partition_roots(self):
        for root, tag in (("label:USBROOT", "LABEL=USBROOT"), ("uuid:77-88", "UUID=77-88")):
            with self.subTest(root):
                self.setUp()
                self.entry += f"root {root}\n"
                self.tags[tag] = "/dev/sda2"
                self.root_device = "sda2"
                self.boot()
                self.assertIn("mount -t ext4 -o rw,noatime /dev/sda2 /mnt/root", self.box.log)
                self.assertIn("mount --move /mnt/usbboot /mnt/root/mnt/usbboot", self.box.log)
                self.assertStarts()

    def test_read_only_image_is_attached_read_only(self):
        self.stick["boot/default/root.img"] = "squashfs\n"
        self.entry += "options ro\n"
        self.boot()
        self.assertStarts()
        self.assertIn("losetup -r /dev/loop0 /mnt/usbboot/boot/default/root.img", self.box.log)
        self.assertIn("mount -t squashfs -o ro /dev/loop0 /mnt/root", self.box.log)

    def test_I10_overlay_over_a_squashfs(self):
        for given, below in (("overlay", "ro"), ("ro,overlay", "ro"), ("noatime,overlay", "ro,noatime"),
                             ("overlay,ro,noatime", "ro,noatime")):
            with self.subTest(given):
                self.setUp()
                self.stick["boot/default/root.img"] = "squashfs\n"
                self.entry += f"options {given}\n"
                self.boot()
                self.assertStarts()
                self.assertOrder(
                    "losetup -r /dev/loop0 /mnt/usbboot/boot/default/root.img",
                    f"mount -t squashfs -o {below} /dev/loop0 /mnt/lower",
                    "mount -t tmpfs -o mode=0755 tmpfs /mnt/overlay",
                    "mount -t overlay -o lowerdir=/mnt/lower,upperdir=/mnt/overlay/upper,"
                    "workdir=/mnt/overlay/work overlay /mnt/root",
                    "mount --move /mnt/lower /mnt/root/rom",
                    "mount --move /mnt/overlay /mnt/root/overlay")

    def test_archive_unpacked_into_ram(self):
        """The archives are real; only the RAM disk is a folder."""
        for how in ("-c", "-cz"):
            with self.subTest(how):
                self.setUp()
                self.entry += "root tmpfs:boot/root.tar\n"
                for path, contents in self.root.items():
                    self.box.write(f"src/{path}", contents, 0o755)
                self.stick["boot/root.tar"] = subprocess.run(
                    ["tar", "-C", self.box.root / "src", how, "."], check=True,
                    stdout=subprocess.PIPE).stdout
                self.boot()
                self.assertStarts()
                self.assertIn("mount -t tmpfs -o mode=0755,rw,noatime tmpfs /mnt/root", self.box.log)
                self.assertEqual("#!/bin/sh\n", self.box.read("mnt/root/sbin/init"))

    def test_I6_init_behind_links(self):
        files = self.box.root / "fake/media/loop0/files"
        del self.root["sbin/init"]
        self.root["usr/lib/systemd"] = "x"
        (files / "usr/sbin").mkdir(parents=True)
        (files / "sbin").symlink_to("usr/sbin")
        (files / "usr/sbin/init").symlink_to("/usr/lib/systemd")
        self.boot()
        self.assertStarts()

    def test_R10_more_file_systems(self):
        self.entry += ("mount label:USBDATA /opt ext4 rw,nofail,noatime\n"
                       "mount tmpfs /var/run tmpfs size=1M\n"
                       "mount label:ABSENT /srv ext4 nofail\n")
        self.tags["LABEL=USBDATA"] = "/dev/sda3"
        self.add_disk("sda3", "ext4", {"data": "x"})
        self.boot()
        self.assertStarts()
        self.assertOrder("mount -t ext4 -o rw,noatime /dev/sda3 /mnt/root/opt",
                         "mount -t tmpfs -o size=1M tmpfs /mnt/root/var/run",
                         "mount --move /mnt/usbboot /mnt/root/mnt/usbboot")
        self.assertEqual("x", self.box.read("mnt/root/opt/data"))
        self.assertSays("cannot mount label:ABSENT on /srv: going on without it")

    def test_environment_of_the_new_init(self):
        self.entry += "path /opt/bin:/bin\nenv LANG=C\nenv TWO=two words = 'quoted' \"$x\"\n"
        self.boot()
        self.assertStarts()
        seen = self.box.read("state/environment-at-switch").splitlines()
        seen = [line for line in seen if line.split("=")[0] not in ("PWD", "OLDPWD", "SHLVL", "_")]
        self.assertEqual(sorted(["HOME=/", "TERM=linux", "LANG=C",
                                 "TWO=two words = 'quoted' \"$x\""]),
                         sorted(line for line in seen if not line.startswith("PATH=")))

    def test_path_of_the_new_init_without_the_key(self):
        self.boot()
        self.assertStarts()

    def test_hooks_in_order(self):
        for path in ("swap.d/20-b", "swap.d/10-a", "root.d/10-c", "mounts.d/10-d"):
            self.box.write(f"etc/usbboot/{path}", f"echo {path} >>/state/log\n")
        self.box.write("etc/usbboot/root.d/20-changes", "root=image:boot/other.img\n")
        self.box.write("etc/usbboot/root.d/30-fails", "false\n")
        self.stick["boot/other.img"] = "ext4\n"
        self.tags["LABEL=USBSWAP"] = "/dev/sda2"
        self.boot()
        self.assertOrder("swap.d/10-a", "swap.d/20-b", "swapon /dev/sda2", "root.d/10-c",
                         "losetup /dev/loop0 /mnt/usbboot/boot/other.img",
                         "mount -t ext4 -o rw,noatime /dev/loop0 /mnt/root", "mounts.d/10-d",
                         "switch_root /mnt/root /sbin/init")
        self.assertSays("hook 30-fails ended with status 1")


if __name__ == "__main__":
    unittest.main()
