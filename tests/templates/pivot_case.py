# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""A boot entry without a kernel in the sandbox: a stick, the root on it, and preinit that changes to it."""

from case import Case

ENTRY = ("root image:boot/own/root.img\r\ninit /sbin/start\npath /bin:/opt/bin\nenv GREETING=it's $HOME\n"
         "env BAD-NAME=x\nenv ; reboot\n")
UUID = "01234567-89ab-cdef-0011-223344556677"
UUID_BYTES = bytes.fromhex(UUID.replace("-", ""))
RECORD = "#!/bin/sh\n{ echo \"$0 pid $$\"; env | sort; } >/state/started\n"


def placed(size: int, *pieces: tuple[int, bytes]) -> bytes:
    data = bytearray(size)
    for offset, piece in pieces:
        data[offset:offset + len(piece)] = piece
    return bytes(data)


def ext(label: str, uuid: bytes) -> bytes:
    """The start of an ext4: linux Documentation/filesystems/ext4, the super block."""
    return placed(2048, (1024 + 0x38, b"\x53\xef"), (1024 + 0x68, uuid), (1024 + 0x78, label.encode()))


def fat32(serial: int, label: str) -> bytes:
    return placed(512, (67, serial.to_bytes(4, "little")), (71, label.ljust(11).encode()),
                  (82, b"FAT32   "))


def swap_start(label: str) -> bytes:
    return placed(4096, (1024 + 28, label.encode()), (4086, b"SWAPSPACE2"))


class PivotCase(Case):
    def setUp(self):
        super().setUp()
        self.box.install_preinit()
        self.box.add_interface()
        self.box.template("boot.sh", "boot.sh")
        self.fstype = "vfat"
        self.root = {"proc/.keep": "", "sys/.keep": "", "dev/.keep": "", "tmp/.keep": "", "mnt/.keep": "",
                     "sbin/start": RECORD, "etc/preinit": RECORD}
        self.files = {"boot/boot.sh": self.box.read("boot.sh"), "boot/entries/own.conf": ENTRY,
                      "boot/own/root.img": ext("", bytes(16))}

    def boot(self, **environment: str):
        self.box.add_stick("sda1", self.fstype, self.files)
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

    def add_partition(self, name: str, start: bytes, fstype: str = "ext4"):
        """Another partition of the stick, with its first bytes."""
        self.box.write(f"fake/sys/class/block/{name}/dev", "8:9\n")
        self.box.write(f"state/nodes/{name}", start)
        self.box.write(f"fake/media/{name}/fstype", f"{fstype}\n")
        self.box.write(f"fake/media/{name}/files/data", "x")

    def add_root_partition(self, start: bytes):
        self.add_partition("sda2", start)
        for path, contents in self.root.items():
            self.box.write(f"fake/media/sda2/files/{path}", contents, 0o755)
