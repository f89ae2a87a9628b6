# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Malta's own flash chip: 4 MiB of CFI NOR, real MTD in the kernel, a file on the host."""

import shutil
import time
from pathlib import Path

from . import media, qemu

ERASE_SIZE = 0x10000
# Name, offset, size; the names are those that OpenWrt's scripts look for.
PARTITIONS = {
    "boot": (0x000000, 0x040000),
    "linux": (0x040000, 0x280000),
    "rootfs_data": (0x2C0000, 0x100000),
    "spare": (0x3C0000, 0x030000),
    "nvram": (0x3F0000, 0x010000),
}


def jffs2(files: dict[str, str | bytes], folder: Path) -> bytes:
    """What the flash system kept of its settings, as one JFFS2 of little-endian nodes."""
    tree = folder / "flash-settings"
    shutil.rmtree(tree, ignore_errors=True)
    for path, contents in files.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_bytes(contents.encode() if isinstance(contents, str) else contents)
    image = folder / "settings.jffs2"
    media.run("mkfs.jffs2", "--little-endian", f"--eraseblock={ERASE_SIZE:#x}", "--squash",
              f"--root={tree}", f"--output={image}")
    return image.read_bytes()


def make_chip(path: Path, contents: dict[str, bytes]):
    """A chip with `contents` at the start of the partitions that it names, erased elsewhere."""
    chip = bytearray(b"\xff" * 0x400000)
    for name, data in contents.items():
        offset, size = PARTITIONS[name]
        assert len(data) <= size, f"{name} does not hold {len(data)} bytes"
        chip[offset : offset + len(data)] = data
    path.write_bytes(chip)


def part(chip: Path, name: str) -> bytes:
    offset, size = PARTITIONS[name]
    return chip.read_bytes()[offset : offset + size]


def wait_for_jffs2(chip: Path, offset: int, seconds: float = 60):
    """Until the kernel has erased and marked the first block of a new JFFS2: it does so in the
    background, and only then is there something that a start recognises (0x1985, fs/jffs2/erase.c)."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with open(chip, "rb") as file:
            file.seek(offset)
            if file.read(2) == b"\x85\x19":
                return
        time.sleep(0.2)
    raise AssertionError(f"no JFFS2 at {offset:#x} of the chip after {seconds} s")


def partitions_of(sizes: dict[str, int]) -> str:
    """The kernel's option that cuts the chip; its name is that of its node in malta's device tree."""
    return "mtdparts=1e000000.flash:" + ",".join(f"{size:#x}({name})" for name, size in sizes.items())


def command(kernel: Path, options: str, memory: int, chip: Path, stick: Path | None) -> list[str]:
    """The emulator's arguments for a board with that chip, and a stick."""
    words = qemu.bare_command(kernel, options, memory)
    words += ["-drive", f"if=pflash,format=raw,file={qemu.escaped(chip)}"]
    words += ["-device", "usb-ehci,id=usb,addr=0x12"]
    if stick is not None:
        words += ["-drive", f"if=none,id=stick,format=raw,file={qemu.escaped(stick)}"]
        words += ["-device", "usb-storage,bus=usb.0,drive=stick"]
    return words
