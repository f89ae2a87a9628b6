#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""templates/boot.sh with kernels and roots that an entry on a stick names on servers. Ids in the names
are the requirements in docs/boot-chain.md."""

import unittest

from case import sha256
from stick_case import KERNEL, StickCase, entry

HTTP = "http://10.0.0.1/kernels/vmlinux.elf"
NBD = "nbd:10.0.0.1/boot:default/vmlinux.elf"
NFS = "nfs:10.0.0.1:/srv/boot:default/vmlinux.elf"
ATTACH = "nbd-client -b 512 -N {} 10.0.0.1 10809 /dev/nbd0"
MOUNT_NFS = "mount -t nfs -o ro,nolock,tcp,vers=3,soft,timeo=30,retrans=2 10.0.0.1:{} /tmp/usbboot/source"


class SourceCase(StickCase):
    def setUp(self):
        super().setUp()
        self.box.install_preinit("NET_WAIT=2\nIP=10.0.0.9/24\n", network=True)
        self.box.write("fake/sys/class/net/eth0/carrier", "1\n")
        self.box.write("fake/web/kernels/vmlinux.elf", KERNEL)
        self.serve("nbd0", "ext4", {"default/vmlinux.elf": KERNEL})
        self.serve("boot", "nfs", {"default/vmlinux.elf": KERNEL})
        self.box.write("fake/proc/filesystems", "nodev\tnfs\n")
        self.box.write("state/real-sleep", "")
        del self.files["boot/default/vmlinux.elf"]

    def serve(self, name: str, fstype: str, files: dict):
        self.box.add_stick(name, fstype, files)

    def use(self, **more):
        self.files["boot/entries/default.conf"] = entry(**more)

    def assertLoaded(self):
        self.assertNewKernel()
        self.assertEqual(KERNEL, (self.box.root / "state/loaded-kernel").read_bytes())
        self.assertFalse(self.box.exists("tmp/usbboot/kernel"), "its memory is given back")
        self.assertNotIn("/tmp/usbboot/source", self.box.mounts)

    def assertInOrder(self, *calls: str):
        place = 0
        for call in calls:
            self.assertIn(call, self.box.log[place:], self.fails_with_output())
            place = self.box.log.index(call, place) + 1


class Kernels(SourceCase):
    def test_B2_by_http(self):
        self.use(kernel=HTTP)
        self.boot()
        self.assertLoaded()
        self.assertInOrder("ifconfig eth0 up", "ifconfig eth0 10.0.0.9 netmask 255.255.255.0",
                           f"wget -q -O /tmp/usbboot/kernel {HTTP}", "ifconfig eth0 down", "kexec -e")

    def test_B2_where_messages_by_udp_do_not_come_off(self):
        (self.box.root / "usr/sbin/netmsg").unlink()
        self.use(kernel=HTTP)
        self.boot(USBBOOT_BROADCAST="10.0.0.255")
        self.assertLoaded()

    def test_B2_by_nbd(self):
        self.use(kernel=NBD)
        self.boot()
        self.assertLoaded()
        self.assertInOrder(ATTACH.format("boot"),
                           "mount -t ext4 -o ro,noload /dev/nbd0 /tmp/usbboot/source",
                           "umount /tmp/usbboot/source", "nbd-client -d /dev/nbd0", "kexec -e")

    def test_B2_by_nbd_from_squashfs_at_another_port(self):
        self.serve("nbd0", "squashfs", {})
        self.use(kernel="nbd:10.0.0.1:10810/a/b:default/vmlinux.elf")
        self.boot()
        self.assertLoaded()
        self.assertIn("nbd-client -b 512 -N a/b 10.0.0.1 10810 /dev/nbd0", self.box.log)
        self.assertIn("mount -t squashfs -o ro /dev/nbd0 /tmp/usbboot/source", self.box.log)

    def test_B2_by_nfs(self):
        self.use(kernel=NFS)
        self.boot()
        self.assertLoaded()
        self.assertInOrder(MOUNT_NFS.format("/srv/boot"), "umount /tmp/usbboot/source", "kexec -e")

    def test_B4_the_copy_that_is_loaded_is_hashed(self):
        for kernel in (HTTP, NBD, NFS):
            with self.subTest(kernel):
                self.setUp()
                self.files["boot/entries/default.conf"] = entry(b"another kernel", kernel=kernel)
                self.boot()
                self.assertGaveUp("has a wrong checksum")
                self.assertEqual([], self.box.calls("kexec"))
                self.assertNotIn("/tmp/usbboot/source", self.box.mounts)

    def test_B8_the_next_entry_where_a_server_is_gone(self):
        for kernel, stub in ((HTTP, "wget"), (NBD, "nbd-client"), (NBD, "mount-ext4"), (NFS, "mount-nfs")):
            with self.subTest(f"{kernel} {stub}"):
                self.setUp()
                self.serve("nbd0", "ext4", {})
                self.use(kernel=kernel, priority=200)
                self.files["boot/entries/second.conf"] = entry(name="second")
                self.files["boot/second/vmlinux.elf"] = KERNEL
                self.box.fail(stub)
                self.boot()
                self.assertSays(f"entry default: cannot fetch {kernel}")
                self.assertLoaded()
                self.assertEqual("second\n", self.box.medium("boot/tried"))

    def test_B8_no_such_file_there(self):
        self.use(kernel=NBD.replace("vmlinux", "other"))
        self.boot()
        self.assertGaveUp("cannot read default/other.elf on the server")
        self.assertInOrder("umount /tmp/usbboot/source", "nbd-client -d /dev/nbd0")

    def test_B6_a_kernel_larger_than_memory_allows(self):
        self.box.write("fake/proc/meminfo", "MemAvailable: 60 kB\n")
        self.serve("nbd0", "ext4", {"default/vmlinux.elf": KERNEL * 4})
        self.use(kernel=NBD)
        self.boot()
        self.assertGaveUp("cannot read default/vmlinux.elf on the server")

    def test_B8_a_flash_system_without_network(self):
        (self.box.root / "etc/usbboot/network.sh").unlink()
        self.use(kernel=HTTP)
        self.boot()
        self.assertGaveUp("this flash system has no network")

    def test_B8_a_flash_system_without_nbd_client(self):
        (self.box.root / "usr/sbin/nbd-client").unlink()
        self.use(kernel=NBD)
        self.boot()
        self.assertGaveUp("this flash system has no nbd-client")

    def test_B4_what_is_no_source_is_a_path(self):
        for kernel in ("https://10.0.0.1/x", "nbd:10.0.0.1", "nfs:10.0.0.1:/srv", "http://"):
            with self.subTest(kernel):
                self.setUp()
                self.use(kernel=kernel)
                self.boot()
                self.assertRegex(self.box.output, "is missing or empty|leaves the boot folder")
                self.assertEqual([], self.box.calls("wget", "nbd-client"))


class Roots(SourceCase):
    def setUp(self):
        super().setUp()
        self.files["boot/default/vmlinux.elf"] = KERNEL
        self.box.write("fake/web/root.squashfs", "squashfs")
        self.serve("root", "nfs", {})

    def test_B8_servers_that_answer(self):
        for root, calls in (
                ("nbd:10.0.0.1/root", (ATTACH.format("root"), "nbd-client -d /dev/nbd0")),
                ("nfs:10.0.0.1:/srv/root", (MOUNT_NFS.format("/srv/root"), "umount /tmp/usbboot/source")),
                ("http://10.0.0.1/root.squashfs",
                 ("wget -q -O /tmp/usbboot/piece http://10.0.0.1/root.squashfs",))):
            with self.subTest(root):
                self.setUp()
                self.use(root=root)
                self.boot()
                self.assertNewKernel()
                self.assertInOrder(*calls, "kexec -e")

    def test_B8_a_server_is_asked_with_what_fetches_kernels(self):
        self.use(root="http://10.0.0.1/root.squashfs")
        wget = self.box.root / "usr/sbin/wget"
        wget.rename(wget.with_name("uclient-fetch"))
        self.boot()
        self.assertNewKernel()

    def test_B8_servers_that_do_not(self):
        for root, stub in (("nbd:10.0.0.1/root", "nbd-client"), ("nfs:10.0.0.1:/srv/root", "mount-nfs"),
                           ("http://10.0.0.1/root.squashfs", "wget"), ("http://10.0.0.1/none", "none")):
            with self.subTest(root):
                self.setUp()
                self.use(root=root)
                self.box.fail(stub)
                self.boot()
                self.assertGaveUp(f"the server of its root {root} does not answer")
                self.assertEqual(None, self.box.medium("boot/tried"))

    def test_B8_what_cannot_be_asked_is_tried(self):
        for root, lacks in (("nbd:10.0.0.1/root", "usr/sbin/nbd-client"),
                            ("nfs:10.0.0.1:/srv/root", "fake/proc/filesystems"),
                            ("http://10.0.0.1/root.squashfs", "etc/usbboot/network.sh")):
            with self.subTest(root):
                self.setUp()
                (self.box.root / lacks).unlink()
                self.use(root=root)
                self.boot()
                self.assertSays("is not known here")
                self.assertNewKernel()


if __name__ == "__main__":
    unittest.main()
