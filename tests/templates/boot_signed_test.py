#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""templates/boot.sh from a stick that has to be signed: boot.manifest was judged by preinit and lies in
tmpfs. Ids in the names are the requirements in docs/boot-chain.md."""

import unittest

from stick_case import KERNEL, OTHER, StickCase, entry
from trust_case import manifest_of

ROOT = b"squashfs\n"


class SignedStick(StickCase):
    def sign(self):
        """What is on the stick now is what the manifest names."""
        self.manifest = manifest_of({name.removeprefix("boot/"): contents.encode() if isinstance(contents, str)
                                     else contents for name, contents in self.files.items()})

    def boot(self, **environment: str):
        self.box.write("tmp/usbboot/boot.manifest", self.manifest)
        super().boot(USBBOOT_TRUST="signed", **environment)

    def test_P12_signed_kernel_starts_out_of_a_copy(self):
        self.sign()
        self.boot()
        self.assertNewKernel()
        self.assertEqual(KERNEL, (self.box.root / "state/loaded-kernel").read_bytes())
        self.assertRegex("\n".join(self.box.calls("kexec")), "kexec -l /tmp/usbboot/kernel")
        self.assertFalse(self.box.exists("tmp/usbboot/kernel"), "its memory is given back")

    def test_P12_stick_that_answers_differently_the_second_time(self):
        """What was hashed is what is loaded, whatever the stick shows afterwards."""
        self.sign()
        program = self.box.read("sbin/kexec")
        self.box.write("sbin/kexec", program.replace("#!/stub/sh\n", "#!/stub/sh\n/stub/busybox cp /state/other "
                                                     "/tmp/usbboot/mnt/boot/default/vmlinux.elf\n", 1), 0o755)
        self.box.write("state/other", OTHER)
        self.boot()
        self.assertEqual(KERNEL, (self.box.root / "state/loaded-kernel").read_bytes())

    def test_P12_kernel_that_was_changed(self):
        self.sign()
        self.files["boot/default/vmlinux.elf"] = OTHER
        self.boot()
        self.assertGaveUp("/boot/default/vmlinux.elf has a wrong checksum")

    def test_P12_entry_that_was_changed_with_its_kernel(self):
        self.sign()
        self.files["boot/default/vmlinux.elf"] = OTHER
        self.files["boot/entries/default.conf"] = entry(OTHER)
        self.boot()
        self.assertGaveUp("entries/default.conf is not what boot.manifest says: passed over")
        self.assertSays("there is no usable boot entry")

    def test_P12_entry_that_nobody_signed(self):
        self.sign()
        self.files["boot/entries/evil.conf"] = entry(OTHER, "evil", priority="999")
        self.files["boot/evil/vmlinux.elf"] = OTHER
        self.boot()
        self.assertSays("entries/evil.conf is not what boot.manifest says: passed over")
        self.assertNewKernel()
        self.assertEqual(KERNEL, (self.box.root / "state/loaded-kernel").read_bytes())

    def test_P12_settings_that_nobody_signed(self):
        self.sign()
        self.files["boot/boot.conf"] = "guard no\n"
        self.boot()
        self.assertSays("/boot/boot.conf is not what boot.manifest says: passed over")
        self.assertEqual("default\n", self.box.medium("boot/tried"), "the guard is on")

    def test_P12_kernel_without_a_hash(self):
        self.files["boot/entries/default.conf"] = entry(**{"kernel-sha256": ""})
        self.sign()
        self.manifest = self.manifest.replace(b"default/vmlinux.elf", b"default/other.elf")
        self.boot()
        self.assertGaveUp("neither it nor boot.manifest has a hash of default/vmlinux.elf")

    def test_P12_hash_of_the_manifest_suffices(self):
        self.files["boot/entries/default.conf"] = entry(**{"kernel-sha256": ""})
        self.sign()
        self.boot()
        self.assertNewKernel()

    def test_P12_read_only_root_is_checked(self):
        self.files["boot/entries/default.conf"] = entry(root="image:/boot/default/root.img", options="ro")
        self.files["boot/default/root.img"] = ROOT
        self.sign()
        self.boot()
        self.assertSays("/boot/default/root.img has the right checksum")
        self.assertNewKernel()
        self.setUp()
        self.files["boot/entries/default.conf"] = entry(root="image:/boot/default/root.img", options="ro")
        self.files["boot/default/root.img"] = ROOT
        self.sign()
        self.files["boot/default/root.img"] = b"other\n"
        self.boot()
        self.assertGaveUp("/boot/default/root.img has a wrong checksum")

    def test_P12_read_only_root_without_a_hash(self):
        self.files["boot/entries/default.conf"] = entry(root="image:/boot/default/root.img", options="ro")
        self.sign()
        self.files["boot/default/root.img"] = ROOT
        self.boot()
        self.assertGaveUp("neither it nor boot.manifest has a hash of default/root.img")

    def test_B6_memory_for_the_copy_too(self):
        self.sign()
        self.box.write("fake/proc/meminfo", "MemAvailable: 4000 kB\n")
        self.boot()
        self.assertGaveUp("of memory to load, 4000 KiB are available")


if __name__ == "__main__":
    unittest.main()
