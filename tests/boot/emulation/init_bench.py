# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""The stick kernel alone, started by the emulator instead of by kexec: what /init does needs no flash
and no boot script. Its stick is made by mkbootusb, and changed afterwards with the host's tools."""

import subprocess
from pathlib import Path

from . import media, qemu
from .board import load_board
from .fixtures import BOARD, Fixtures, tool
from .programs import CROSS, SOURCES

ENTRY = "/boot/entries/default.conf"
ROOT = "/boot/default/root.img"
KERNEL = "/boot/default/vmlinux.elf"
# Tells the judging init what to compare with.
RECORD = """environment="${environment}OLD_ROOT=$(busybox stat -c %d /)
MEMORY_BEFORE=$(sed -n 's/^MemAvailable: *\\([0-9]*\\).*/\\1/p' /proc/meminfo)
"
"""


class Bench:
    """A stick and its kernel; all files lie in `folder`."""

    def __init__(self, fixtures: Fixtures, folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        self.fixtures = fixtures
        self.folder = folder
        self.stick = folder / "stick.img"
        self.root = folder / "root"

    def hook(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text)
        return path

    def judging_root(self):
        """A root whose init is tests/boot/programs/hand_over.c."""
        for place in ("sbin", "dev", "proc", "sys", "mnt", "opt"):
            (self.root / place).mkdir(parents=True, exist_ok=True)
        subprocess.run([CROSS + "gcc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-Os", "-static",
                        SOURCES / "hand_over.c", "-o", self.root / "sbin/init"], check=True)

    def make(self, *options, root: Path | None = None, board: str = BOARD):
        """The stick, with FAT; and its kernel beside it."""
        self.board = load_board(board)
        tool(self.fixtures.mkbootusb, "image", "--board", board, "--kernel", self.fixtures.stick_kernel,
             "--busybox", self.fixtures.busybox, "--rootfs", root or self.root,
             "--hook", f"mounts={self.hook('90-record', RECORD)}", *options, "-o", self.stick)
        media.extract(self.stick, KERNEL, self.folder / "vmlinux.elf")

    def write(self, path: str, contents: bytes):
        media.write(self.stick, path, contents)

    def add_to_entry(self, *lines: str):
        """Later lines of a boot entry win."""
        entry = media.extract(self.stick, ENTRY, self.folder / "entry").read_text()
        self.write(ENTRY, (entry + "\n".join(lines) + "\n").encode())

    def change_root(self, *requests: str):
        """The root image after requests of debugfs, back on the stick."""
        image = media.extract(self.stick, ROOT, self.folder / "root.img")
        for request in requests:
            media.run("debugfs", "-w", "-R", request, image)
        self.write(ROOT, image.read_bytes())

    def disk(self, label: str, mebibytes: int = 16) -> Path:
        """A disk of its own without partitions: swap for USBSWAP, otherwise ext4."""
        path = self.folder / f"{label}.disk.img"
        with open(path, "wb") as file:
            file.truncate(mebibytes << 20)
        if label == "USBSWAP":
            media.run("mkswap", "-L", label, path)
        else:
            media.run("mke2fs", "-q", "-F", "-t", "ext4", "-L", label, path)
        return path

    def switch_on(self, *disks_before: Path, seconds: float = 150) -> qemu.Console:
        """`disks_before` are found before the stick."""
        words = qemu.bare_command(self.folder / "vmlinux.elf", "", self.board.ram_size)
        words += ["-device", "usb-ehci,id=usb,addr=0x12"]
        for number, disk in enumerate([*disks_before, self.stick]):
            words += ["-drive", f"if=none,id=disk{number},format=raw,file={qemu.escaped(disk)}"]
            words += ["-device", f"usb-storage,bus=usb.0,port={number + 1},drive=disk{number}"]
        return qemu.Console(words, self.folder / "console.log", seconds)
