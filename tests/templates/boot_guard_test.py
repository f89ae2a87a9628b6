#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""templates/boot.sh where it decides for more than one boot: the guard, the countdown, the change of
root without a kernel; and templates/usbboot-retry. Ids in the names are the requirements in
docs/boot-chain.md."""

import os
import unittest

from case import Case, sha256
from stick_case import StickCase


class Guard(StickCase):
    """The mark in /boot/tried: one lost boot, not all of them."""

    def test_B8_mark_is_on_the_stick_before_the_jump(self):
        self.boot()
        self.assertNewKernel()
        self.assertEqual("default\n", self.box.medium("boot/tried"))
        self.assertNotIn("/tmp/usbboot/mnt", self.box.read("state/mounts-at-kexec"))

    def test_B8_marked_entry_is_skipped_and_both_ways_back_are_named(self):
        self.files["boot/tried"] = "default\r\n"
        self.boot()
        self.assertGaveUp("skip: entry default was started before and did not report a good start")
        self.assertSays("run usbboot-retry in the flash system, or delete /boot/tried on the stick")
        self.assertEqual("default\r\n", self.box.medium("boot/tried"), "nothing is written")

    def test_B8_next_entry_when_the_first_is_marked_then_flash(self):
        self.entries("first", "second")
        self.files["boot/tried"] = "first\n"
        self.boot()
        self.assertStarts("second")
        self.assertEqual("first\nsecond\n", self.box.medium("boot/tried"))
        self.setUp()
        self.entries("first", "second")
        self.files["boot/tried"] = "first\nsecond"
        self.boot()
        self.assertGaveUp("there is no usable boot entry")

    def test_B8_mark_of_something_else_or_damaged(self):
        for mark in ("gone\n", "", "\n", "\0\xff;reboot\n$(reboot)\n", "defaul\n", "x" * 100000):
            with self.subTest(mark[:20]):
                self.setUp()
                self.files["boot/tried"] = mark
                self.boot()
                self.assertNewKernel()
                self.assertEqual("default", self.box.medium("boot/tried").splitlines()[-1])
                self.assertEqual([], self.box.calls("reboot"))

    def test_B8_stick_that_cannot_be_written_starts_nothing(self):
        self.box.write("fake/media/sda1/locked", "")
        self.boot()
        self.assertGaveUp("cannot write /boot/tried on the stick, so default is not started")
        self.assertSays("guard no")
        self.assertEqual("kexec -u", self.box.calls("kexec")[-1])

    def test_B8_mark_that_does_not_reach_the_stick_starts_nothing(self):
        self.box.fail("sync")
        self.boot()
        self.assertGaveUp("cannot write /boot/tried on the stick")
        self.assertIsNone(self.box.medium("boot/tried"))

    def test_B8_mark_is_not_written_through_a_link(self):
        self.box.write("etc/victim", "untouched\n")
        self.box.add_stick("sda1", "vfat", self.files)
        (self.box.root / "fake/media/sda1/files/boot/tried").symlink_to("/etc/victim")
        self.boot()
        self.assertNewKernel()
        self.assertEqual("untouched\n", self.box.read("etc/victim"))
        self.assertEqual("default", self.box.medium("boot/tried").splitlines()[-1])

    def test_B8_guard_no_writes_nothing(self):
        self.files |= {"boot/boot.conf": "guard no\r\n", "boot/tried": "default\n"}
        self.box.write("fake/media/sda1/locked", "")
        self.boot()
        self.assertNewKernel()
        self.assertEqual([], [call for call in self.box.calls("mount") if " rw" in call])
        self.assertEqual("default\n", self.box.medium("boot/tried"))

    def test_B8_settings_that_make_no_sense_are_the_defaults(self):
        for text in ("guard off\n", "guard\n", "GUARD no\n", "guard no really\n", "timeout -1\n",
                     "timeout 1000\n", "\0\n", "timeout $(reboot)\n"):
            with self.subTest(text):
                self.setUp()
                self.files["boot/boot.conf"] = text
                self.boot()
                self.assertNewKernel()
                self.assertEqual("default\n", self.box.medium("boot/tried"))


class Choice(StickCase):
    """The countdown. dash cannot wait for input, so there it is left out."""

    def choose(self, typed: str, conf: str = "timeout 1\n", names=("a", "b", "c")):
        self.entries(*names)
        self.files["boot/boot.conf"] = conf
        self.box.add_stick("sda1", "vfat", self.files)
        self.box.mounted_already()
        self.box.run("/bin/sh", "/tmp/usbboot/boot.sh", "usb", "/dev/sda1", "vfat", typed=typed)

    def setUp(self):
        super().setUp()
        self.waits = os.environ.get("TEMPLATE_SHELL") == "ash"

    def test_B8_countdown_ends_in_the_default(self):
        self.choose("")
        self.assertStarts("a")
        (self.assertRegex if self.waits else self.assertNotRegex)(
            self.box.output, "1: a .The a system.\n.*2: b .The b system.\n.*3: c (.*\n)+.*a in 1 s")

    def test_B8_number_or_name_is_taken(self):
        for typed in ("2\n", "b\n", "b\r\n"):
            with self.subTest(typed):
                self.setUp()
                self.choose(typed)
                self.assertStarts("b" if self.waits else "a")

    def test_B8_zero_is_the_flash_system(self):
        self.choose("0\n")
        if self.waits:
            self.assertGaveUp("skip: the flash system was chosen")
        else:
            self.assertStarts("a")

    def test_B8_wrong_answer_gives_more_time(self):
        self.choose("9\n../x\n*\n\n3\n")
        self.assertStarts("c" if self.waits else "a")

    def test_B8_nobody_is_asked_without_a_choice_or_with_timeout_0(self):
        for conf, names in (("timeout 5\n", ("a",)), ("timeout 0\n", ("a", "b"))):
            with self.subTest(conf):
                self.setUp()
                self.choose("2\n", conf, names)
                self.assertStarts("a")
                self.assertNotIn("in 1 s", self.box.output)

    def test_B8_choice_that_cannot_be_started_falls_to_the_next(self):
        self.box.fail("kexec-l-b")
        self.choose("b\n")
        self.assertStarts("a")


class WithoutKernel(StickCase):
    """An entry that keeps the running kernel: the plan for preinit."""

    def setUp(self):
        super().setUp()
        self.box.template("pivot.sh", "etc/usbboot/pivot.sh")
        self.files = {"boot/entries/own.conf": "root image:boot/own/root.img\ninit /sbin/other\nenv A=b c",
                      "boot/own/root.img": b"image"}

    def test_B8_leaves_a_plan_and_status_0(self):
        self.boot()
        self.assertEqual(0, self.box.status, self.fails_with_output())
        plan = self.box.read("tmp/usbboot/pivot").splitlines()
        for line in ("name own", "root image:boot/own/root.img", "init /sbin/other", "env A=b c",
                     "device /dev/sda1", "fstype vfat"):
            self.assertIn(line, plan)
        self.assertEqual("own\n", self.box.medium("boot/tried"))
        self.assertEqual([], self.box.calls("kexec"))
        self.assertNotIn("/tmp/usbboot/mnt", self.box.mounts)

    def test_B8_needs_no_kexec(self):
        (self.box.root / "sbin/kexec").unlink()
        self.boot()
        self.assertEqual(0, self.box.status, self.fails_with_output())

    def test_B8_flash_system_that_cannot_change_its_root(self):
        (self.box.root / "etc/usbboot/pivot.sh").unlink()
        self.boot()
        self.assertGaveUp("this flash system cannot change its root")

    def test_B8_root_that_only_an_initramfs_can_have(self):
        self.files["boot/entries/own.conf"] = "root nfs:10.0.0.1:/x\n"
        self.boot()
        self.assertGaveUp("the flash kernel cannot take .nfs:10.0.0.1:/x. as root")
        self.assertIsNone(self.box.medium("boot/tried"))

    def test_B8_damaged_image_is_not_started(self):
        self.files["boot/entries/own.conf"] += f"\noptions ro\nroot-sha256 {sha256(b'another')}\n"
        self.boot()
        self.assertGaveUp("/boot/own/root.img has a wrong checksum")


class Retry(Case):
    """usbboot-retry, the command of the flash system."""

    def setUp(self):
        super().setUp()
        self.box.install_preinit()
        self.box.template("usbboot-retry", "usr/sbin/usbboot-retry")
        self.box.write("state/devices", "")

    def retry(self, files: dict):
        self.box.add_stick("sda1", "vfat", files)
        self.box.mounted_already()
        for disk in (self.box.root / "proc").parent.glob("fake/sys/block/*/*/dev"):
            self.box.write(f"dev/{disk.parent.name}", "")
        return self.box.run("/bin/sh", "/usr/sbin/usbboot-retry")

    def test_B8_clears_the_mark(self):
        self.retry({"boot/tried": "default\n", "boot/boot.sh": "x"})
        self.assertEqual(0, self.box.status, self.fails_with_output())
        self.assertIsNone(self.box.medium("boot/tried"))
        self.assertEqual("x", self.box.medium("boot/boot.sh"))
        self.assertEqual([], [place for place in self.box.mounts if "retry" in place])
        self.assertFalse(self.box.exists("tmp/usbboot-retry"))

    def test_B8_writes_nothing_without_a_mark(self):
        self.retry({"boot/boot.sh": "x"})
        self.assertEqual(1, self.box.status)
        self.assertSays("no stick with a mark")
        self.assertEqual([], [call for call in self.box.calls("mount") if " rw" in call])

    def test_B8_locked_stick(self):
        self.box.write("fake/media/sda1/locked", "")
        self.retry({"boot/tried": "default\n"})
        self.assertEqual(1, self.box.status)
        self.assertEqual("default\n", self.box.medium("boot/tried"))

    def test_B8_stick_in_use_is_not_mounted_twice(self):
        self.box.write("mnt/stick/boot/tried", "default\n")
        with open(self.box.root / "state/mounts", "a") as mounts:
            mounts.write("/tmp/usbboot-retry/sda1 /mnt/stick vfat rw 0 0\n")
        self.retry({})
        self.assertEqual(0, self.box.status, self.fails_with_output())
        self.assertFalse(self.box.exists("mnt/stick/boot/tried"))
        self.assertEqual([], self.box.calls("mount"))


if __name__ == "__main__":
    unittest.main()
