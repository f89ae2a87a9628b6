#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""templates/overlay.sh: what OVERLAY_CONFIG=y takes from the flash's own JFFS2, and what not."""

import unittest

from case import Case

JFFS2 = b"\x85\x19\x03\x20" + bytes(60)
MTD = ("dev:    size   erasesize  name\nmtd0: 00020000 00010000 \"boot\"\n"
       "mtd3: 00300000 00010000 \"rootfs\"\nmtd4: 00100000 00010000 \"rootfs_data\"\n")


class Overlay(Case):
    def boot(self, files: dict[str, str], start: bytes = JFFS2, settings: str = "", mtd: str = MTD):
        self.box.install_preinit("OVERLAY_CONFIG=y\nUSB_WAIT=1\n" + settings)
        self.box.write("fake/proc/mtd", mtd)
        self.box.write("state/flash", start)
        # A node of the flash shows its first bytes.
        self.box.write("usr/sbin/mknod", "#!/stub/sh\n. /stub/lib.sh\nnote mknod \"$@\"\n"
                       "/stub/busybox cp /state/flash $1\n", 0o755)
        self.box.write("fake/media/mtdblock4/fstype", "jffs2\n")
        (self.box.root / "fake/media/mtdblock4/files").mkdir()
        for path, contents in files.items():
            self.box.write(f"fake/media/mtdblock4/files/{path}", contents)
        self.box.run("/etc/preinit")
        self.assertFlashBoot()
        self.assertEqual(["/"], self.box.mounts)
        self.assertEqual(files, {path: self.box.read(f"fake/media/mtdblock4/files/{path}")
                                 for path in files})

    def assertIgnored(self, reason: str):
        self.assertSays(f"modules: the flash's settings: {reason}\n")
        self.assertSays("no USB storage in 1 seconds")

    def test_overlay_is_mounted_read_only_and_unmounted(self):
        self.boot({"etc/usbboot.conf": "USB_WAIT=3\n"})
        self.assertIn("mknod /tmp/usbboot/mtdblock4 b 31 4", self.box.log)
        self.assertIn("mount -t jffs2 -o ro /tmp/usbboot/mtdblock4 /tmp/usbboot/overlay",
                      self.box.log)
        self.assertIn("umount /tmp/usbboot/overlay", self.box.log)
        self.assertSays("no USB storage in 3 seconds")

    def test_overlay_of_both_eras_and_quotes(self):
        for path in ("etc/usbboot.conf", "upper/etc/usbboot.conf"):
            for text in ("USB_WAIT=4", "USB_WAIT='4'\n", 'USB_WAIT="4"\n', "# x\n\nUSB_WAIT=4\n"):
                with self.subTest(path=path, text=text):
                    self.setUp()
                    self.boot({path: text})
                    self.assertSays("no USB storage in 4 seconds")

    def test_overlay_sets_five_keys_alone(self):
        """Nobody who may write there decides who is trusted or who may skip; nothing is run."""
        self.boot({"etc/usbboot.conf": "URL=http://evil/\nSKIP_KEY=none\nSKIP_BUTTON=gpio:1:low\n"
                   "PATH=/overlay\nUSB_WAIT=2;reboot\nDISK_WAIT=$(reboot)\nMODULES_EXTRA=x;reboot\n"
                   "USBBOOT_ROOT=label:X\nUSBBOOT_TRUST=unsigned\nreboot\n"})
        self.assertSays("USB_WAIT is no number of seconds")
        self.assertSays("DISK_WAIT is no number of seconds")
        self.assertSays("'x;reboot' is no module")
        self.assertSays("no USB storage in 1 seconds")
        self.assertEqual([], self.box.calls("reboot", "wget", "ifconfig"))

    def test_overlay_modules(self):
        self.boot({"upper/etc/usbboot.conf": "MODULES_EXTRA='usb-serial other'\n",
                   "upper/lib/modules/6.1.0/usb_serial.ko": ""})
        self.assertIn("insmod /tmp/usbboot/overlay/upper/lib/modules/6.1.0/usb_serial.ko",
                      self.box.log)
        self.assertSays("cannot load other\n")

    def test_overlay_modules_of_the_squashfs(self):
        self.box.write("state/modules", "other\n")
        self.boot({"etc/usbboot.conf": "MODULES_EXTRA=other\n"})
        self.assertIn("modprobe other", self.box.log)

    def settings_seen(self, text: str, settings: str = "") -> str:
        """What a boot script gets of ROOT and SWAP, after the flash's settings were `text`."""
        self.box.add_interface()
        self.box.add_stick("sda1", "vfat", {"boot/boot.sh": b'echo "got $USBBOOT_ROOT, $USBBOOT_SWAP."\nexit 1\n'})
        self.boot({"etc/usbboot.conf": text}, settings=settings)
        return "".join(line for line in self.box.output.splitlines() if line.startswith("got "))

    def test_overlay_root_and_swap(self):
        for root, swap in (("label:USBROOT", "label:USBSWAP"), ("uuid:1234-ABCD", "none"),
                           ("image:boot/own/root.img", "uuid:01ab-cd")):
            with self.subTest(root=root, swap=swap):
                self.setUp()
                self.assertEqual(f"got {root}, {swap}.", self.settings_seen(f"ROOT='{root}'\nSWAP={swap}\n"))
                self.assertSays(f"USB_WAIT 1, DISK_WAIT 10, ROOT {root}, SWAP {swap}\n")

    def test_overlay_root_and_swap_are_judged_as_a_boot_entry_is(self):
        for key, value in (("ROOT", "/dev/sda2"), ("ROOT", "label:"), ("ROOT", "none"), ("ROOT", "nbd:1.2.3.4/x"),
                           ("ROOT", "tmpfs:x.tar"), ("ROOT", "image:../../etc/passwd"), ("ROOT", "label:a b"),
                           ("ROOT", "label:$(reboot)"), ("ROOT", "label:a;reboot"), ("SWAP", "label:a\tb"),
                           ("SWAP", "/dev/sda3"), ("SWAP", "image:swap"), ("SWAP", "uuid:"), ("SWAP", "nonesuch"),
                           ("SWAP", "")):
            with self.subTest(key=key, value=value):
                self.setUp()
                self.assertEqual("got , .", self.settings_seen(f"{key}={value}\n"))
                self.assertSays(f"the flash's settings: {key} has no form of a boot entry's")

    def test_overlay_root_and_swap_are_ignored_where_sticks_are_signed(self):
        self.settings_seen("ROOT=label:USBROOT\nSWAP=none\nUSB_WAIT=2\n", "SIGNED_STICK=yes\n")
        for key in ("ROOT", "SWAP"):
            self.assertSays(f"the flash's settings: {key} is ignored, since sticks have to be signed")
        self.assertSays("USB_WAIT 2, DISK_WAIT 10\n")

    def test_environment_has_no_root_and_swap(self):
        """Words of the kernel's command line become process 1's environment."""
        self.box.install_preinit("USB_WAIT=1\n")
        self.box.add_interface()
        self.box.add_stick("sda1", "vfat", {"boot/boot.sh": b'echo "got $USBBOOT_ROOT, $USBBOOT_SWAP."\nexit 1\n'})
        self.box.run("/etc/preinit", environment={"USBBOOT_ROOT": "label:X", "USBBOOT_SWAP": "label:Y"})
        self.assertSays("got , .\n")

    def test_overlay_not_formatted(self):
        self.boot({"etc/usbboot.conf": "USB_WAIT=3\n"}, b"\xde\xad\xc0\xde" + bytes(8))
        self.assertIgnored("not formatted yet")
        self.assertEqual([], [call for call in self.box.log if "jffs2" in call])

    def test_overlay_erased_or_foreign(self):
        for start in (b"\xff" * 64, b"", b"hsqs1234"):
            with self.subTest(start[:4]):
                self.setUp()
                self.boot({"etc/usbboot.conf": "USB_WAIT=3\n"}, start)
                self.assertIgnored("no JFFS2 in /tmp/usbboot/mtdblock4")

    def test_overlay_damaged(self):
        self.box.write("fake/media/mtdblock4/fstype", "none\n")
        self.box.install_preinit("OVERLAY_CONFIG=y\nUSB_WAIT=1\n")
        self.box.write("fake/proc/mtd", MTD)
        self.box.write("usr/sbin/mknod", "#!/stub/sh\nprintf '\\205\\031' >$1\n", 0o755)
        self.box.run("/etc/preinit")
        self.assertIgnored("the JFFS2 cannot be mounted, ignored")
        self.assertFlashBoot()

    def test_overlay_without_such_a_partition(self):
        self.boot({}, mtd=MTD.replace("rootfs_data", "data"))
        self.assertIgnored("there is no rootfs_data")

    def test_overlay_is_left_alone_unless_wanted(self):
        self.boot({"etc/usbboot.conf": "USB_WAIT=3\n"}, settings="OVERLAY_CONFIG=n\n")
        self.assertEqual([], [call for call in self.box.log if "mtdblock" in call])
        self.assertNotIn("flash's settings", self.box.output)


if __name__ == "__main__":
    unittest.main()
