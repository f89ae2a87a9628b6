# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""What the boot tests boot, made once per test run by trxkit's own commands.

Kernels and programs come from tools/build-kernel and tools/target-programs, which keep them in
their cache.
"""

import json
import re
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from . import media
from .board import REPOSITORY, board_file

BOARD = "qemu-malta"


@dataclass
class Fixtures:
    """Host paths, as text so that they go through JSON."""

    folder: str
    trxtool: str
    mkflashroot: str
    mkbootusb: str
    flash_kernel: str = ""
    stick_kernel: str = ""
    busybox: str = ""
    e2fsck: str = ""
    fsck_fat: str = ""
    kexec: str = ""
    nbd_client: str = ""
    resize2fs: str = ""
    signify: str = ""

    def path(self, name: str) -> Path:
        return Path(self.folder) / name

    def save(self):
        self.path("fixtures.json").write_text(json.dumps(asdict(self), indent=2))

    @staticmethod
    def load(folder: Path) -> "Fixtures":
        return Fixtures(**json.loads((folder / "fixtures.json").read_text()))

    def flash_root(self, output: Path, *more: str):
        """The minimal flash root with our preinit."""
        tool(self.mkflashroot, "--board", BOARD, "--minimal", "--busybox", self.busybox,
             "--kexec", self.kexec, *more, "-o", output)

    def pack(self, root: Path, output: Path, board: str = BOARD, kernel: str = ""):
        tool(self.trxtool, "pack", "--board", board, "--kernel", kernel or self.flash_kernel,
             "--rootfs", root, "-o", output)

    def stick_options(self) -> list[str]:
        """Options of mkbootusb for a root whose init leaves a marker and goes off."""
        return ["--board", BOARD, "--kernel", self.stick_kernel, "--busybox", self.busybox,
                "--rootfs", str(self.path("test-root.tar")), "--boot-fs", "fat32"]

    def minimal_stick_options(self) -> list[str]:
        """Options of mkbootusb for the stick that a user without a root gets, on ext4."""
        return ["--board", BOARD, "--kernel", self.stick_kernel, "--busybox", self.busybox,
                "--kexec", self.kexec, "--minimal", "--boot-fs", "ext4"]


def tool(*words):
    """Runs one of the commands under test; its failure is the test's."""
    words = [str(word) for word in words]
    print("+", *words, flush=True)
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL)


def variant_of_board(output: Path, *changes: tuple[str, str]) -> str:
    """A board file like BOARD's with some lines changed; its path, as --board takes it."""
    text = board_file(BOARD).read_text()
    for old, new in changes:
        assert old in text, f"no '{old}' in the board file"
        text = text.replace(old, new, 1)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text)
    return str(output)


def output_of(*words) -> str:
    return subprocess.run(
        [str(word) for word in words], check=True, text=True, stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    ).stdout


def find_inputs(fixtures: Fixtures):
    """Kernels and programs, built or from the cache."""
    tools = REPOSITORY / "tools"
    for role in ("flash", "stick"):
        if not getattr(fixtures, f"{role}_kernel"):
            lines = output_of(tools / "build-kernel", BOARD, role).split("\n")
            setattr(fixtures, f"{role}_kernel", lines[0])
    programs = ("busybox", "e2fsck", "fsck_fat", "kexec", "nbd_client", "resize2fs", "signify")
    if not all(getattr(fixtures, name) for name in programs):
        for line in output_of(tools / "target-programs").splitlines():
            name, _, path = line.partition(" ")
            name = re.sub(r"[^a-z0-9]", "_", name)
            if name in programs:
                setattr(fixtures, name, path)


def make(fixtures: Fixtures):
    """Everything the cases share, in fixtures.folder."""
    Path(fixtures.folder).mkdir(parents=True, exist_ok=True)
    find_inputs(fixtures)
    root = fixtures.path("flash-root.squashfs")
    trx = fixtures.path("qemu-malta.trx")
    fixtures.flash_root(root)
    fixtures.pack(root, trx)
    tool(fixtures.trxtool, "verify", "--board", BOARD, trx)
    media.make_test_root(fixtures.path("test-root.tar"), Path(fixtures.busybox))
    tool(fixtures.mkbootusb, "image", *fixtures.stick_options(), "-o", fixtures.path("fat.img"))
    tool(fixtures.mkbootusb, "image", *fixtures.minimal_stick_options(),
         "-o", fixtures.path("ext4.img"))
    media.make_fat_stick(fixtures.path("empty.img"), {"readme.txt": b"no boot script here\n"})
    fixtures.save()
    print(f"fixtures in {fixtures.folder}", file=sys.stderr)
