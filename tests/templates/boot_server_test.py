#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""templates/boot.sh where a server has entries and kernels. Ids in the names are the requirements in
docs/boot-chain.md."""

import unittest

from case import Case
from stick_case import KERNEL, entry
from trust_case import manifest_of


class FromNetwork(Case):
    URL = "http://10.0.0.1/boot/test"

    def setUp(self):
        super().setUp()
        self.box.add_kexec()
        self.box.template("boot.sh", "tmp/usbboot/boot.sh")
        self.box.install_preinit("NET_WAIT=2\n", network=True)
        self.box.write("state/real-sleep", "")
        self.box.write("state/devices", "")
        self.files = {"entries/default.conf": entry().encode(), "default/vmlinux.elf": KERNEL}
        self.trust = "signed"
        self.listed = {}

    def boot(self):
        """With the manifest where preinit has left it: in tmpfs, judged."""
        self.box.write("tmp/usbboot/boot.manifest", manifest_of(self.files | self.listed))
        for name, contents in self.files.items():
            self.box.write(f"fake/web/boot/test/{name}", contents)
        self.box.mounted_already()
        self.box.run("/bin/sh", "/tmp/usbboot/boot.sh", "http", self.URL,
                     environment={"USBBOOT_TRUST": self.trust})

    def assertGaveUp(self, message: str):
        self.assertSays(message)
        self.assertEqual([], self.box.calls("kexec"), self.fails_with_output())
        self.assertNotEqual(0, self.box.status)

    def test_P9_what_ends_early_does_not_wait_for_its_killer(self):
        self.box.write("tmp/quick.sh", ". /etc/usbboot/network.sh\n"
                       + "usbboot_bounded 60 true\n" * 300 + "echo all done\n")
        self.assertIn("all done", self.box.run("/bin/sh", "/tmp/quick.sh"))

    def test_B2_kernel_from_the_server(self):
        self.boot()
        self.assertNewKernel()
        self.assertEqual(KERNEL, (self.box.root / "state/loaded-kernel").read_bytes())
        self.assertFalse(self.box.exists("tmp/usbboot/kernel"), "its memory is given back")
        self.assertEqual([f"wget -q -O /tmp/usbboot/{file} {self.URL}/{path}" for file, path in (
            ("entries/default.conf", "entries/default.conf"), ("kernel", "default/vmlinux.elf"))], self.box.calls("wget"))

    def test_B4_nothing_that_differs_from_the_manifest_is_used(self):
        for name in ("entries/default.conf", "default/vmlinux.elf"):
            with self.subTest(name):
                self.setUp()
                self.listed = {name: b"something else"}
                self.boot()
                self.assertGaveUp("has a wrong checksum")

    def test_B4_kernel_missing_in_manifest(self):
        self.files["entries/default.conf"] = entry(kernel="other/vmlinux.elf").encode()
        self.boot()
        self.assertGaveUp("boot.manifest does not name other/vmlinux.elf")

    def test_unsigned_network_keeps_to_the_manifest_too(self):
        self.trust = "unsigned"
        self.boot()
        self.assertNewKernel()

    def test_P12_preinit_that_has_judged_nothing(self):
        """An older one runs boot.sh from the server as it comes."""
        self.trust = ""
        self.boot()
        self.assertGaveUp("this flash system has not checked boot.manifest")
        self.setUp()
        self.box.mounted_already()
        self.box.run("/bin/sh", "/tmp/usbboot/boot.sh", "http", self.URL,
                     environment={"USBBOOT_TRUST": "signed"})
        self.assertGaveUp("this flash system has not checked boot.manifest")

    def test_B6_kernel_larger_than_memory_allows(self):
        self.box.write("fake/proc/meminfo", "MemAvailable: 6000 kB\n")
        self.files["default/vmlinux.elf"] = b"x" * (3 << 20)
        self.files["entries/default.conf"] = entry(self.files["default/vmlinux.elf"]).encode()
        self.boot()
        self.assertGaveUp("cannot fetch .*/default/vmlinux.elf")


if __name__ == "__main__":
    unittest.main()
