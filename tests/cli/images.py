# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Sound images for command tests: packed once a test from a small kernel and a small root."""

import struct
import subprocess

import command
from fixtures import elf

BOARD = "belkin-f7d7301"
MAGIC = 0x20100322
# Without trxkit's loader an image packs in milliseconds.
PACK = ["pack", "--board", BOARD, "--loader", "none"]


class ImageTest(command.CommandTest):
    def setUp(self):
        super().setUp()
        self.write("vmlinux", elf())
        self.pack("image.trx", root={"etc/preinit": "#!/bin/sh\n"})
        self.image = self.read("image.trx")

    def pack(self, output, root=None, kernel="vmlinux"):
        """`root` (path -> text) becomes the root file system; none: that of the last image."""
        if root is not None:
            tree = self.folder / "root"
            subprocess.run(["rm", "-rf", str(tree), str(self.folder / "root.squashfs")], check=True)
            for name, text in root.items():
                (tree / name).parent.mkdir(parents=True, exist_ok=True)
                (tree / name).write_text(text)
            subprocess.run(["mksquashfs", "root", "root.squashfs", "-quiet", "-no-progress",
                            "-all-root", "-comp", "xz", "-mkfs-time", "0", "-all-time", "0"],
                           cwd=self.folder, check=True, stdout=subprocess.DEVNULL)
        self.run_program("trxtool", *PACK, "--kernel", kernel, "--rootfs", "root.squashfs",
                         "-o", output)

    def word(self, offset, data=None):
        return struct.unpack_from("<I", data if data is not None else self.image, offset)[0]

    def changed(self, *changes):
        """The image with (offset, bytes) put in."""
        data = bytearray(self.image)
        for offset, new in changes:
            data[offset : offset + len(new)] = new
        return bytes(data)
