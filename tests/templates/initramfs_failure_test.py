#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""How templates/initramfs-init fails: message, LED, reboot; a shell or the end of the stick first
where that is wanted. The watchdog."""

import unittest

from initramfs_case import InitramfsCase


class Failures(InitramfsCase):
    def test_I4_I11_no_medium(self):
        self.tags = {}
        self.boot()
        self.assertReboots("no medium with UUID 1234-ABCD in 15 seconds")
        self.assertLess(self.box.seconds, 0.86 + 15 + 30 + 10 + 1)

    def test_I4_no_medium_with_that_label(self):
        self.entry = self.entry.replace("1234-ABCD", "label:USBBOOT")
        self.boot()
        self.assertReboots("no medium with LABEL USBBOOT in 15 seconds")

    def test_I4_no_partition_for_the_root(self):
        self.entry += "root label:USBROOT\n"
        self.boot()
        self.assertReboots("no partition with LABEL USBROOT in 15 seconds")

    def test_I11_stick_with_an_unknown_file_system(self):
        self.fstype = "ntfs"
        self.boot()
        self.assertReboots("/dev/sda1 holds no file system of a stick")

    def test_I11_root_image(self):
        for message, change in (
                ("there is no root image boot/default/root.img", {"boot/default/root.img": ""}),
                ("boot/default/root.img holds no file system", {"boot/default/root.img": "ntfs\n"})):
            with self.subTest(message):
                self.setUp()
                self.stick |= change
                self.boot()
                self.assertReboots(message)

    def test_I11_mount_fails(self):
        for step, message in (("mount-vfat", "cannot mount /dev/sda1"),
                              ("losetup", "no free loop device"),
                              ("moveusbboot", "cannot move the medium's mount")):
            with self.subTest(step):
                self.setUp()
                self.box.fail(step)
                self.boot()
                self.assertReboots(message)

    def test_I6_I11_no_init(self):
        del self.root["sbin/init"]
        self.boot()
        self.assertReboots("the root has no executable /sbin/init")
        self.assertOrder("losetup -d /dev/loop0", "umount /mnt/usbboot", "sync")
        self.assertIn("umount /mnt/root", self.box.log)

    def test_I6_I11_init_not_executable(self):
        self.executable = False
        self.boot()
        self.assertReboots("the root has no executable /sbin/init")

    def test_I11_root_archive(self):
        self.entry += "root tmpfs:boot/root.tar\n"
        self.boot()
        self.assertReboots("there is no root archive boot/root.tar")
        self.setUp()
        self.entry += "root tmpfs:boot/root.tar\n"
        self.stick["boot/root.tar"] = "no archive\n"
        self.boot()
        self.assertReboots("cannot unpack boot/root.tar into RAM")

    def test_I11_overlay_fails(self):
        self.entry += "options overlay\n"
        self.box.fail("mount-overlay")
        self.boot()
        self.assertReboots("cannot put a RAM disk over the root")

    def test_I11_file_system_that_must_be_there(self):
        self.entry += "mount label:ABSENT /opt ext4 rw\n"
        self.boot()
        self.assertReboots("cannot mount label:ABSENT on /opt")

    def test_I11_unknown_root(self):
        self.entry += "root floppy:1\n"
        self.boot()
        self.assertReboots('unknown root "floppy:1"')

    def test_I11_no_entry(self):
        self.entry = None
        self.boot()
        self.assertReboots("there is no /etc/entry.conf")

    def test_I11_root_without_a_place_for_the_medium(self):
        self.root = {"sbin/init": "#!/bin/sh\n", "proc/x": "", "mnt": "a file"}
        self.boot()
        self.assertReboots("the root has no folder /mnt/usbboot or /mnt for the medium")

    def test_I11_hook_that_ends_the_shell(self):
        for hook in ("exit 0\n", "if\n", "fail root 'no power'\n"):
            with self.subTest(hook):
                self.setUp()
                self.box.write("etc/usbboot/root.d/10-ends", hook)
                self.boot()
                self.assertReboots("no power" if "power" in hook else "came to an end")


class Ways(InitramfsCase):
    def broken(self, **files: str):
        self.entry += "root floppy:1\n"
        for name, text in files.items():
            self.stick[f"boot/{name}.conf"] = text

    def add_led(self, name: str):
        for file, text in (("trigger", "[none] timer\n"), ("delay_on", ""), ("delay_off", ""),
                           ("brightness", "255\n")):
            self.box.write(f"fake/sys/class/leds/{name}/{file}", text)

    def led(self, file: str) -> str:
        return self.box.read(f"sys/class/leds/router:green:power/{file}")

    def test_led_of_a_failure(self):
        self.add_led("router:green:power")
        self.add_led("router:green:lan")
        self.broken()
        self.boot()
        self.assertReboots("unknown root")
        self.assertEqual("timer\n", self.led("trigger"))
        self.assertEqual("100\n", self.led("delay_on"))
        self.assertEqual("[none] timer\n", self.box.read("sys/class/leds/router:green:lan/trigger"))

    def test_led_for_the_new_system(self):
        self.add_led("router:green:power")
        self.boot()
        self.assertStarts()
        self.assertEqual("500\n", self.led("delay_on"))  # while it worked
        self.assertEqual("none\n", self.led("trigger"))
        self.assertEqual("255\n", self.led("brightness"))

    def test_rescue_shell(self):
        self.entry += "rescue yes\n"
        self.broken()
        self.boot()
        self.assertReboots("fallback: rescue shell on the console")
        self.assertOrder("setsid cttyhack sh", "umount /mnt/usbboot", "reboot -n -f")

    def test_no_rescue_shell_without_the_key(self):
        self.broken()
        self.boot()
        self.assertEqual([], self.box.calls("setsid"))

    def test_without_the_guard_the_stick_has_to_go(self):
        self.broken(boot="guard no\n")
        self.box.at(60, "rm -r /sys/class/block/sda1")
        self.boot()
        self.assertReboots("fallback: waiting until the stick is pulled out")
        self.assertEqual(1, self.box.output.count("waiting until the stick"))
        self.assertGreater(self.box.seconds, 60)

    def test_without_the_guard_and_without_a_stick(self):
        self.box.write("etc/boot.conf", "guard no\n")
        self.tags = {}
        self.box.at(80, "rm -r /sys/class/block/sda1")
        self.boot()  # it is there, but has another UUID
        self.assertReboots("waiting until the stick is pulled out")
        self.assertGreater(self.box.seconds, 80)

    def test_with_the_guard_it_may_stay(self):
        self.broken(boot="guard yes\n")
        self.boot()
        self.assertReboots("unknown root")
        self.assertNotIn("pulled", self.box.output)

    def test_the_mark_stays(self):
        self.stick["boot/tried"] = "default\n"
        self.boot()
        self.assertStarts()
        self.assertEqual("default\n", self.box.read("mnt/usbboot/boot/tried"))


class Watchdog(InitramfsCase):
    def test_fed_and_stopped_before_the_new_init(self):
        self.box.write("dev/watchdog", "")
        self.boot()
        self.assertStarts()
        self.assertRegex(self.box.read("dev/watchdog"), r"^\n+V$")

    def test_fed_while_waiting_to_reboot_and_never_stopped(self):
        self.box.write("dev/watchdog", "")
        self.tags = {}
        self.boot()
        self.assertReboots("no medium")
        self.assertRegex(self.box.read("dev/watchdog"), r"^\n{200,}$")

    def test_stopped_for_the_rescue_shell(self):
        self.box.write("dev/watchdog", "")
        self.box.write("usr/sbin/setsid", "#!/stub/sh\n/stub/busybox cp /dev/watchdog /state/\n", 0o755)
        self.entry += "rescue yes\nroot floppy:1\n"
        self.boot()
        self.assertReboots("rescue shell")
        self.assertRegex(self.box.read("state/watchdog"), r"^\n+V$")

    def test_one_that_cannot_be_opened(self):
        (self.box.root / "dev/watchdog").mkdir()
        self.boot()
        self.assertStarts()


if __name__ == "__main__":
    unittest.main()
