#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""templates/initramfs-init with a root on a server. Ids in the names are the requirements in
docs/boot-chain.md."""

import unittest

from case import sha256
from initramfs_case import InitramfsCase

ADDRESS = "2: eth0    inet 10.0.2.15/24 brd 10.0.2.255 scope global eth0\n"
NBD = "nbd-client -b 512 -N root 10.0.2.2 10809 /dev/nbd0"
FETCHED = b"squashfs\n"


class ServerCase(InitramfsCase):
    def setUp(self):
        super().setUp()
        self.box.write("state/address", ADDRESS)
        self.add_card()
        self.root |= {"etc/x": ""}

    def add_card(self, name: str = "eth0", carrier: str = "1"):
        self.box.write(f"fake/sys/class/net/{name}/carrier", carrier + "\n")

    def serve(self, root: str, *lines: str, medium: bool = False):
        """An entry with its root there, from the network unless it has a medium."""
        kept = [line for line in self.entry.splitlines()
                if not line.startswith("root ") and (medium or not line.startswith("medium "))]
        self.entry = "\n".join([*kept, f"root {root}", *lines, ""])
        if root.startswith("nbd:"):
            self.root_device, self.root_type = "nbd0", "ext4"
        elif root.startswith("nfs:"):
            self.root_device, self.root_type = root.rpartition("/")[2], "nfs"

    def assertReboots(self, message: str, seconds: int = 30):
        self.assertSays(message)
        self.assertSays(f"fallback: rebooting in {seconds} seconds")
        self.assertEqual("reboot -n -f", self.box.log[-1], self.fails_with_output())
        self.assertEqual([], self.box.calls("switch_root"))


class Network(ServerCase):
    def test_I13_dhcp_and_what_the_root_is_told(self):
        self.serve("nbd:10.0.2.2/root")
        self.boot()
        self.assertStarts()
        self.assertOrder("ifconfig lo 127.0.0.1", "ifconfig eth0 up",
                         "udhcpc -n -q -f -t 8 -T 2 -i eth0 -s /etc/usbboot/udhcpc.sh", NBD)
        self.assertNotIn("ifconfig eth0 down", self.box.log)
        self.assertEqual("INTERFACE='eth0'\nADDRESS='10.0.2.15/24'\nNETWORK='dhcp'\n",
                         self.box.read("mnt/root/etc/usbboot.network"))

    def test_I13_fixed_address_on_another_interface(self):
        self.add_card("eth1")
        self.serve("nbd:10.0.2.2/root", "network 10.0.2.15/24", "interface eth1")
        self.boot()
        self.assertStarts()
        self.assertOrder("ifconfig eth1 up", "ip addr add 10.0.2.15/24 broadcast + dev eth1", NBD)
        self.assertEqual([], self.box.calls("udhcpc"))

    def test_I13_the_network_is_left_alone_without_a_root_on_a_server(self):
        self.boot()
        self.assertStarts()
        self.assertEqual([], self.box.calls("ifconfig", "udhcpc", "ip", "nbd-client"))
        self.assertFalse(self.box.exists("mnt/root/etc/usbboot.network"))

    def test_I13_a_card_and_a_link_that_come_late(self):
        self.box.write("fake/sys/class/net/eth0/carrier", "0\n")
        self.box.at(4, "echo 1 >/sys/class/net/eth0/carrier")
        self.serve("nbd:10.0.2.2/root")
        self.boot()
        self.assertStarts()
        self.assertGreater(self.box.seconds, 4)

    def test_I11_what_the_network_lacks(self):
        for message, change in (
                ("there is no interface eth9", lambda: self.serve("nbd:10.0.2.2/root", "interface eth9")),
                ("no link on eth0", lambda: self.add_card("eth0", "0")),
                ("no answer to DHCP on eth0", lambda: self.box.fail("udhcpc")),
                ("eth0 has no address", lambda: self.box.write("state/address", ""))):
            with self.subTest(message):
                self.setUp()
                self.serve("nbd:10.0.2.2/root")
                change()
                self.boot()
                self.assertReboots(message)
                self.assertLess(self.box.seconds, 0.86 + 60 + 30 + 2)

    def test_I11_from_a_stick_the_mark_is_enough(self):
        self.serve("nbd:10.0.2.2/root", medium=True)
        self.box.fail("udhcpc")
        self.boot()
        self.assertReboots("no answer to DHCP on eth0", 10)


class Nbd(ServerCase):
    def test_I13_nbd_root(self):
        self.serve("nbd:10.0.2.2:10810/routers/one")
        self.boot()
        self.assertStarts()
        self.assertOrder("nbd-client -b 512 -N routers/one 10.0.2.2 10810 /dev/nbd0",
                         "mount -t ext4 -o rw,noatime,errors=panic /dev/nbd0 /mnt/root")
        self.assertEqual([], [line for line in self.box.log if "/mnt/usbboot" in line])

    def test_I13_nbd_root_of_an_entry_on_a_stick(self):
        self.serve("nbd:10.0.2.2/root", medium=True)
        self.boot()
        self.assertStarts()
        self.assertOrder("mount -t vfat -o rw,noatime /dev/sda1 /mnt/usbboot", NBD,
                         "mount --move /mnt/usbboot /mnt/root/mnt/usbboot")

    def test_I13_options_of_the_entry_stay(self):
        for given, expected in (("rw,errors=remount-ro", "rw,errors=remount-ro"), ("ro", "ro")):
            with self.subTest(given):
                self.setUp()
                self.serve("nbd:10.0.2.2/root", f"options {given}")
                self.boot()
                self.assertStarts()
                self.assertIn(f"mount -t ext4 -o {expected} /dev/nbd0 /mnt/root", self.box.log)

    def test_I12_a_root_on_nbd_is_checked(self):
        self.add_checker("e2fsck")
        self.serve("nbd:10.0.2.2/root")
        self.boot()
        self.assertStarts()
        self.assertOrder(NBD, "e2fsck -p /dev/nbd0")

    def test_I13_a_server_that_comes_later_than_the_router(self):
        self.box.fail("nbd-client")
        self.box.at(30, "rm /state/fail/nbd-client")
        self.serve("nbd:10.0.2.2/root")
        self.boot()
        self.assertStarts()
        self.assertGreater(self.box.seconds, 30)

    def test_I11_no_server(self):
        self.box.fail("nbd-client")
        self.serve("nbd:10.0.2.2/root")
        self.boot()
        self.assertReboots("cannot reach the NBD export 10.0.2.2/root")
        self.assertLess(self.box.seconds, 0.86 + 60 + 30 + 3)


class Nfs(ServerCase):
    def test_I13_nfs_root(self):
        self.serve("nfs:10.0.2.2:/srv/root", "options rw,rsize=8192")
        self.boot()
        self.assertStarts()
        self.assertIn("mount -t nfs -o nolock,tcp,vers=3,rw,rsize=8192 10.0.2.2:/srv/root /mnt/root",
                      self.box.log)

    def test_I11_no_server(self):
        self.box.fail("mount-nfs")
        self.serve("nfs:10.0.2.2:/srv/root")
        self.boot()
        self.assertReboots("cannot mount 10.0.2.2:/srv/root")


class Http(ServerCase):
    def setUp(self):
        super().setUp()
        self.root_type = "squashfs"
        self.root |= {"rom/x": "", "overlay/x": ""}
        self.box.write("fake/web/root.squashfs", FETCHED)

    def test_I13_root_in_ram(self):
        for prefix in ("", "http:"):
            with self.subTest(prefix):
                self.setUp()
                self.serve(f"{prefix}http://10.0.2.2/root.squashfs", f"root-sha256 {sha256(FETCHED)}")
                self.boot()
                self.assertStarts()
                self.assertOrder("mount -t tmpfs -o mode=0700 tmpfs /mnt/ram",
                                 "wget -q -O /mnt/ram/root http://10.0.2.2/root.squashfs",
                                 "losetup -r /dev/loop0 /mnt/ram/root",
                                 "mount -t squashfs -o ro /dev/loop0 /mnt/lower", "umount -l /mnt/ram",
                                 "mount --move /mnt/lower /mnt/root/rom")

    def test_I11_another_root_than_the_one_that_was_meant(self):
        self.serve("http://10.0.2.2/root.squashfs", f"root-sha256 {sha256(b'other')}")
        self.boot()
        self.assertReboots("http://10.0.2.2/root.squashfs has a wrong checksum")
        self.assertEqual([], self.box.calls("losetup"))

    def test_I11_no_hash(self):
        self.serve("http://10.0.2.2/root.squashfs")
        self.boot()
        self.assertReboots("the entry has no root-sha256")
        self.assertEqual([], self.box.calls("wget"))

    def test_I11_no_such_file(self):
        self.serve("http://10.0.2.2/none", f"root-sha256 {sha256(FETCHED)}")
        self.boot()
        self.assertReboots("cannot fetch http://10.0.2.2/none")


if __name__ == "__main__":
    unittest.main()
