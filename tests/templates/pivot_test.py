#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""templates/pivot.sh: preinit changes to a root on the stick under the running kernel. Ids in the names
are the requirements in docs/boot-chain.md."""

import unittest

from case import Case

ENTRY = ("root image:boot/own/root.img\r\ninit /sbin/start\npath /bin:/opt/bin\nenv GREETING=it's $HOME\n"
         "env BAD-NAME=x\nenv ; reboot\n")
RECORD = "#!/bin/sh\n{ echo \"$0 pid $$\"; env | sort; } >/state/started\n"


class Pivot(Case):
    def setUp(self):
        super().setUp()
        self.box.install_preinit()
        self.box.add_interface()
        self.box.template("boot.sh", "boot.sh")
        self.root = {"proc/.keep": "", "sys/.keep": "", "dev/.keep": "", "tmp/.keep": "", "mnt/.keep": "",
                     "sbin/start": RECORD, "etc/preinit": RECORD}
        self.files = {"boot/boot.sh": self.box.read("boot.sh"), "boot/entries/own.conf": ENTRY,
                      "boot/own/root.img": "an image"}

    def boot(self, **environment: str):
        self.box.add_stick("sda1", "vfat", self.files)
        self.box.write("fake/media/root.img/fstype", "ext4\n")
        for path, contents in self.root.items():
            self.box.write(f"fake/media/root.img/files/{path}", contents, 0o755)
        if environment:
            self.box.era_b()
        self.box.run("/etc/preinit", environment=environment)

    def started(self) -> list[str]:
        self.assertTrue(self.box.exists("state/started"), self.fails_with_output())
        return self.box.read("state/started").splitlines()

    def assertUndone(self, message: str):
        self.assertSays(message)
        self.assertFlashBoot()
        self.assertFalse(self.box.exists("state/started"))
        self.assertEqual([], [place for place in self.box.mounts if "usbboot" in place])

    def test_B8_init_of_the_entry_is_process_1_with_its_environment(self):
        self.boot()
        self.assertEqual(["/sbin/start pid 1", "GREETING=it's $HOME", "HOME=/", "PATH=/bin:/opt/bin"],
                         [line for line in self.started() if not line.startswith(("PWD", "SHLVL", "TERM", "_="))])
        self.assertFalse(self.box.exists("state/preinit.00"))
        self.assertEqual([], self.box.calls("reboot"))

    def test_B8_medium_and_virtual_file_systems_move_along(self):
        self.boot()
        self.started()
        mounts = [line.split()[1] for line in self.box.read("state/mounts-at-pivot").splitlines()]
        for place in ("proc", "sys", "dev", "mnt/usbboot"):
            self.assertIn(f"/tmp/usbboot/root/{place}", mounts)
        self.assertIn("umount -l /mnt", self.box.log)
        self.assertEqual("own\n", self.box.medium("boot/tried"))

    def test_B8_under_procd_the_new_preinit_and_procd_go_on(self):
        self.root["sbin/procd"] = RECORD
        self.boot(PREINIT="1")
        self.assertIn("PREINIT=1", self.started())
        self.assertTrue(self.started()[0].startswith("/etc/preinit "))
        self.assertIn("mount -o move /mnt/tmp /tmp", self.box.log)

    def test_B8_under_procd_a_root_without_it_is_not_started(self):
        self.boot(PREINIT="1")
        self.assertUndone("the root of own has no executable /sbin/procd")

    def test_B8_root_without_init_or_folders(self):
        for path, message in (("sbin/start", "has no executable /sbin/start"),
                              ("mnt/.keep", "has no folder /mnt")):
            with self.subTest(path):
                self.setUp()
                del self.root[path]
                self.boot()
                self.assertUndone(message)

    def test_B8_every_failing_step_is_undone(self):
        for stub in ("pivot_root", "movedev", "moveproc", "movemnt", "mount-ext4"):
            with self.subTest(stub):
                self.setUp()
                self.box.fail(stub)
                self.boot()
                self.assertUndone("root: own is not started")

    def test_B8_partition_as_root(self):
        self.files["boot/entries/own.conf"] = "root label:USBROOT\ninit /sbin/start\n"
        self.box.write("state/tags", "LABEL=USBROOT /dev/root.img\n")
        self.boot()
        self.assertEqual("/sbin/start pid 1", self.started()[0])
        self.setUp()
        self.files["boot/entries/own.conf"] = "root uuid:1234\ninit /sbin/start\n"
        self.boot()
        self.assertUndone("root: no partition with UUID=1234")


if __name__ == "__main__":
    unittest.main()
