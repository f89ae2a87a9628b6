# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""An initramfs in a sandbox: /init with its parts, a boot entry, a stick and a root on it."""

from case import Case
from sandbox import TEMPLATES

ENTRY = """name default
title Test
medium 1234-ABCD
root image:boot/default/root.img
options rw,noatime
init /sbin/init
"""
ROOT = {"sbin/init": "#!/bin/sh\n", "proc/x": "", "sys/x": "", "dev/x": "", "mnt/usbboot/x": ""}
MAGIC = {"ext4": (1080, b"\x53\xef"), "vfat": (82, b"FAT32   "), "squashfs": (0, b"hsqs")}


def device(fstype: str) -> bytes:
    """The first bytes of a device with such a file system."""
    contents = bytearray(2048)
    if fstype in MAGIC:
        offset, mark = MAGIC[fstype]
        contents[offset:offset + len(mark)] = mark
    return bytes(contents)


class InitramfsCase(Case):
    def setUp(self):
        super().setUp()
        self.box.template("initramfs-init", "init")
        for part in (TEMPLATES / "initramfs").glob("*.sh"):
            self.box.write(f"lib/usbboot/{part.name}", part.read_bytes())
        for part in ("gpio.sh", "led.sh", "mounts.sh", "check.sh"):
            self.box.template(part, f"etc/usbboot/{part}", 0o644)
        self.box.write("etc/usbboot/led.conf", "LED='dmz power'\n")
        (self.box.root / "sbin/switch_root").symlink_to("/usr/sbin/switch_root")
        self.entry = ENTRY
        for folder in ("mnt/root", "mnt/usbboot"):
            (self.box.root / folder).mkdir()
        self.tags = {"UUID=1234-ABCD": "/dev/sda1"}
        self.stick = {"boot/default/root.img": "ext4\n"}
        self.fstype = "vfat"
        self.root = dict(ROOT)
        self.root_device = "loop0"
        self.root_type = "ext4"
        self.executable = True

    def add_disk(self, name: str, fstype: str, files: dict, mebibytes: int = 64):
        """Something that can be mounted."""
        self.box.add_stick(name, fstype, files)
        self.box.write(f"dev/{name}", device(fstype))
        self.box.write(f"fake/sys/class/block/{name}/size", f"{mebibytes * 2048}\n")

    def boot(self):
        if self.entry is not None:
            self.box.write("etc/entry.conf", self.entry)
        self.add_disk("sda1", self.fstype, self.stick)
        for path, contents in self.root.items():
            self.box.write(f"fake/media/{self.root_device}/files/{path}", contents,
                           0o755 if self.executable else 0o644)
        if self.root_device != "loop0":
            self.box.write(f"fake/media/{self.root_device}/fstype", self.root_type + "\n")
            self.box.write(f"dev/{self.root_device}", device(self.root_type))
        self.box.write("state/tags", "".join(f"{t} {d}\n" for t, d in self.tags.items()))
        self.box.run("/init")

    def assertStarts(self, init: str = "/sbin/init"):
        self.assertEqual(f"switch_root /mnt/root {init}", self.box.log[-1],
                         self.fails_with_output())

    def assertReboots(self, message: str):
        self.assertSays(message)
        self.assertSays("fallback: rebooting in 10 seconds")
        self.assertEqual("reboot -n -f", self.box.log[-1], self.fails_with_output())
        self.assertEqual([], self.box.calls("switch_root"))
