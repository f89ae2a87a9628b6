# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""A stick with boot entries in the sandbox, and boot.sh run on it as preinit does."""

from case import Case, sha256

KERNEL = b"\x7fELF kernel" * 1000
OTHER = b"\x7fELF another" * 1000


def entry(contents: bytes = KERNEL, name: str = "default", **more) -> str:
    values = {"title": f"The {name} system", "kernel": f"{name}/vmlinux.elf",
              "kernel-sha256": sha256(contents), **more}
    return "# an entry\n" + "".join(f"{key} {value}\n" for key, value in values.items() if value)


class StickCase(Case):
    def setUp(self):
        super().setUp()
        self.box.add_kexec()
        self.box.template("boot.sh", "tmp/usbboot/boot.sh")
        self.box.write("state/devices", "")
        self.files = {"boot/entries/default.conf": entry(), "boot/default/vmlinux.elf": KERNEL}

    def boot(self, fstype: str = "vfat", **environment: str):
        self.box.add_stick("sda1", fstype, self.files)
        self.box.mounted_already()
        self.box.run("/bin/sh", "/tmp/usbboot/boot.sh", "usb", "/dev/sda1", fstype,
                     environment=environment)

    def assertGaveUp(self, message: str):
        self.assertSays(message)
        self.assertNotIn("kexec -e", self.box.log, self.fails_with_output())
        self.assertNotEqual(0, self.box.status)
        self.assertNotIn("/tmp/usbboot/mnt", self.box.mounts)

    def entries(self, *names: str, **more):
        """Two or more entries, the first with the highest priority, instead of the one."""
        self.files = {}
        for place, name in enumerate(names):
            contents = name.encode() * 100
            self.files[f"boot/entries/{name}.conf"] = entry(contents, name, priority=200 - place, **more)
            self.files[f"boot/{name}/vmlinux.elf"] = contents

    def assertStarts(self, name: str):
        self.assertNewKernel()
        self.assertEqual(name.encode() * 100, (self.box.root / "state/loaded-kernel").read_bytes())
