#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""templates/pivot.sh: preinit changes to a root on the stick under the running kernel. Ids in the names
are the requirements in docs/boot-chain.md."""

import unittest

from pivot_case import ENTRY, RECORD, UUID, UUID_BYTES, PivotCase, ext, fat32, swap_start


class Pivot(PivotCase):
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
        self.assertSays("switch: to /sbin/procd of own")
        self.assertIn("mount -o move /mnt/tmp /tmp", self.box.log)

    def test_B8_the_first_plan_counts(self):
        """A second stick has no say any more."""
        self.box.add_stick("sdb1", "vfat", {"boot/boot.sh": "echo the second ran >/tmp/usbboot/pivot\n"})
        self.boot()
        self.assertEqual("/sbin/start pid 1", self.started()[0])
        self.assertNotIn("sdb1", self.box.output)

    def boot_procd(self, entry: str):
        """Under procd; the new root's preinit then becomes what process 1 does."""
        self.root |= {"sbin/procd": RECORD, "etc/preinit": "#!/bin/sh\nexec /sbin/procd second\n"}
        self.files["boot/entries/own.conf"] = entry
        self.boot(PREINIT="1")

    def test_B8_under_procd_it_gets_path_and_environment_of_the_entry(self):
        self.boot_procd(ENTRY)
        for line in ("GREETING=it's $HOME", "PATH=/bin:/opt/bin", "PREINIT=1"):
            self.assertIn(line, self.started(), self.fails_with_output())
        self.assertOrder("mount -o bind /tmp/usbboot-procd /sbin/procd", "umount -l /sbin/procd")
        self.assertEqual(RECORD, self.box.read("sbin/procd"))
        self.assertFalse(self.box.exists("tmp/usbboot-procd"))

    def test_B8_under_procd_nothing_lies_over_it_unless_needed(self):
        self.boot_procd("root image:boot/own/root.img\n")
        self.assertEqual("/sbin/procd pid 1", self.started()[0])
        self.assertEqual([], [call for call in self.box.log if "bind" in call])

    def test_B8_under_procd_without_bind_mounts_it_starts_all_the_same(self):
        self.box.fail("bind")
        self.boot_procd(ENTRY)
        self.assertSays("switch: path and env of own have no effect")
        self.assertNotIn("GREETING=it's $HOME", self.started())

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
        for root in ("label:USBROOT", f"uuid:{UUID.upper()}"):
            with self.subTest(root):
                self.setUp()
                self.files["boot/entries/own.conf"] = f"root {root}\ninit /sbin/start\n"
                self.add_partition("sda3", ext("USBDATA", bytes(16)))
                self.add_root_partition(ext("USBROOT", UUID_BYTES))
                self.boot()
                self.assertEqual("/sbin/start pid 1", self.started()[0])
                self.assertIn("mount -t ext4 -o rw,noatime /tmp/usbboot/sda2 /tmp/usbboot/root",
                              self.box.log)

    def boot_with_settings(self, entry: str, root: str = "", swap: str = ""):
        """With what the flash's own settings name (preinit_overlay_test.py), by a part of preinit's own."""
        self.box.write("etc/usbboot/overlay.sh", f"usbboot_merge_overlay() {{ USBBOOT_ROOT={root} USBBOOT_SWAP={swap}; }}\n")
        self.box.write("etc/usbboot.conf", "BOARD=test\nMODULES=\nOVERLAY_CONFIG=y\n")
        self.files["boot/entries/own.conf"] = entry
        self.add_root_partition(ext("USBROOT", UUID_BYTES))
        self.add_partition("sda3", swap_start("MORE"))
        self.add_partition("sda4", swap_start("OTHER"))
        self.boot()

    def test_B8_root_and_swap_of_the_flash_where_the_entry_names_none(self):
        for entry in ("init /sbin/start\n", "init /sbin/start\nroot\nswap \r\n"):
            with self.subTest(entry):
                self.setUp()
                self.boot_with_settings(entry, "label:USBROOT", "label:MORE")
                self.started()
                self.assertOrder("swapon /tmp/usbboot/sda3",
                                 "mount -t ext4 -o rw,noatime /tmp/usbboot/sda2 /tmp/usbboot/root")

    def test_B8_the_words_of_the_entry_win_over_those_of_the_flash(self):
        self.boot_with_settings(f"init /sbin/start\nroot uuid:{UUID}\nswap label:OTHER\n", "label:ABSENT", "label:MORE")
        self.started()
        self.assertEqual(["swapon /tmp/usbboot/sda4"], self.box.calls("swapon"))

    def test_B8_root_of_the_flash_is_looked_at_as_that_of_an_entry(self):
        self.boot_with_settings("init /sbin/start\n", "image:boot/own/absent.img")
        self.assertUndone("entry own: there is no root image boot/own/absent.img on the stick")
        self.assertIsNone(self.box.medium("boot/tried"))

    def test_B8_entry_without_root_needs_one_of_the_flash(self):
        self.boot_with_settings("init /sbin/start\n", "", "label:MORE")
        self.assertUndone("entry own names neither kernel nor root")

    def test_B8_partition_that_is_not_there_is_waited_for(self):
        self.files["boot/entries/own.conf"] = "root uuid:1234\ninit /sbin/start\n"
        self.boot()
        self.assertUndone("root: no partition with uuid 1234")
        self.assertGreater(self.box.seconds, 4)

    def test_B8_R10_file_systems_of_the_entry_are_mounted_before_its_init(self):
        self.files["boot/entries/own.conf"] = (
            ENTRY + "mount label:USBDATA /opt ext4 rw,nofail,noatime\n"
            "mount uuid:1234-ABCD /srv vfat ro\nmount none /var/run tmpfs size=1M\n"
            "mount label:ABSENT /lost ext4 nofail\nmount short line\n")
        self.add_partition("sda2", ext("USBDATA", bytes(16)))
        self.add_partition("sda3", fat32(0x1234ABCD, "PHOTOS"), "vfat")
        self.boot()
        self.started()
        for call in ("mount -t ext4 -o rw,noatime /tmp/usbboot/sda2 /tmp/usbboot/root/opt",
                     "mount -t vfat -o ro /tmp/usbboot/sda3 /tmp/usbboot/root/srv",
                     "mount -t tmpfs -o size=1M none /tmp/usbboot/root/var/run"):
            self.assertIn(call, self.box.log)
        self.assertSays("cannot mount label:ABSENT on /lost: going on without it")

    def test_B8_file_system_that_must_be_there(self):
        self.files["boot/entries/own.conf"] = (
            ENTRY + "mount label:USBDATA /opt ext4 rw\nmount label:ABSENT /srv ext4 rw\n")
        self.add_partition("sda2", ext("USBDATA", bytes(16)))
        self.boot()
        self.assertUndone("cannot mount label:ABSENT on /srv")
        self.assertIn("umount /tmp/usbboot/root/opt", self.box.log)

    def test_B8_I12_swap_of_the_entry(self):
        for key, start in (("", swap_start("USBSWAP")), ("swap label:MORE\n", swap_start("MORE"))):
            with self.subTest(key):
                self.setUp()
                self.files["boot/entries/own.conf"] = ENTRY + key
                self.add_partition("sda2", start)
                self.boot()
                self.started()
                self.assertLess(self.box.log.index("swapon /tmp/usbboot/sda2"),
                                self.box.log.index("pivot_root . mnt"))

    def test_B8_swap_that_is_not_wanted_missing_or_of_no_use(self):
        for key, told in (("swap none\n", "switch: to"), ("swap label:ABSENT\n", "no partition with label ABSENT"),
                          ("", "cannot use /tmp/usbboot/sda2: going on without swap")):
            with self.subTest(key):
                self.setUp()
                self.files["boot/entries/own.conf"] = ENTRY + key
                self.add_partition("sda2", swap_start("USBSWAP"))
                self.box.fail("swapon")
                self.boot()
                self.started()
                self.assertSays(told)
                self.assertEqual(not key, bool(self.box.calls("swapon")))

    def test_B8_swap_is_given_back_where_the_root_fails(self):
        self.add_partition("sda2", swap_start("USBSWAP"))
        del self.root["sbin/start"]
        self.boot()
        self.assertUndone("has no executable /sbin/start")
        self.assertIn("swapoff /tmp/usbboot/sda2", self.box.log)



if __name__ == "__main__":
    unittest.main()
