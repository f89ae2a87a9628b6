# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Sticks of the rarer shapes, several in each boot: partition tables, boot file systems, forms of the
root. Each is written onto a file full of 0xFF first, as onto a used stick. The ext4 driver of the kernels
here mounts ext2 and ext3, too."""

from pathlib import Path

from . import media
from .cases import FLASH_SYSTEM, KERNEL_STARTS, KEXEC, TEST_ROOT, expect, flash_router, powered, step
from .fixtures import Fixtures, tool

MARKER = TEST_ROOT[1]


def written(fixtures: Fixtures, folder: Path, options: list[str], spare: int) -> Path:
    """A stick made with `options`, on a medium that is larger by `spare` bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    image, stick = folder / "made.img", folder / "stick.img"
    words = list(fixtures.stick_options())
    words[words.index("--boot-fs"):] = []
    tool(fixtures.mkbootusb, "image", *words, *options, "-o", image)
    with open(stick, "wb") as file:
        for _ in range((image.stat().st_size + spare) >> 20):
            file.write(b"\xff" * (1 << 20))
    tool(fixtures.mkbootusb, "write", image, stick, "--write")
    return stick


def boot(fixtures: Fixtures, folder: Path, stick: Path, patterns: list[str]):
    with powered(flash_router(fixtures, folder), stick) as console:
        expect(console, [*FLASH_SYSTEM, *patterns[:1], step("script"), *KEXEC, KERNEL_STARTS,
                         *patterns[1:]])
        print(f"wall time {console.wait_for_end():.1f} s")


def shape_gpt_ext3_squashfs_and_grown_data(fixtures: Fixtures, folder: Path):
    """GPT, /boot on ext3, a squashfs below a RAM disk, swap, and a data partition that has grown."""
    stick = written(fixtures, folder, [
        "--table", "gpt", "--boot-fs", "ext3", "--root-as", "squashfs", "--swap", "8M",
        "--data", "16M", "--mount", "label:USBDATA /mnt ext4 rw"], 40 << 20)
    boot(fixtures, folder, stick, [
        step("usb", "sda1 mounted read-only .ext4"), step("swap"),
        step("root", "boot/default/root.squashfs mounted"),
        step("root", "label:USBDATA mounted on /mnt"), step("switch", "to /sbin/init"),
        r"^test-root: .* init: pid 1 on overlay / overlay rw", MARKER])
    media.run("sfdisk", "--verify", stick)
    start, size = 0, 0
    for line in media.run("sfdisk", "-o", "start,sectors", "-l", stick).splitlines():
        if line.replace(" ", "").isdigit():
            start, size = (int(word) for word in line.split())
    assert size * 512 > 50 << 20, f"the last partition has {size} sectors"
    data = folder / "data.img"
    media.run("dd", f"if={stick}", f"of={data}", "bs=512", f"skip={start}", f"count={size}",
              "status=none")
    media.run("e2fsck", "-fp", data)  # the power went while it was mounted


def shape_mbr_fat16_and_root_partition(fixtures: Fixtures, folder: Path):
    """MBR, /boot on FAT16, the root on a partition of its own."""
    stick = written(fixtures, folder, ["--boot-fs", "fat16", "--root-as", "partition"], 0)
    boot(fixtures, folder, stick, [
        step("usb", "sda1 mounted read-only .vfat"), step("root"), step("switch", "to /sbin/init"),
        r"^test-root: .* init: pid 1 on /dev/sda2 / ext4 rw", MARKER])


def shape_superfloppy_ext2(fixtures: Fixtures, folder: Path):
    """No partition table: the whole stick is an ext2."""
    stick = written(fixtures, folder, ["--table", "none", "--boot-fs", "ext2"], 0)
    boot(fixtures, folder, stick, [
        step("usb", "sda mounted read-only .ext4"), step("root", "boot/default/root.img mounted"),
        step("switch", "to /sbin/init"), TEST_ROOT[0], MARKER])
    media.run("e2fsck", "-fp", stick)


CASES = {
    case.__name__: case
    for case in (
        shape_gpt_ext3_squashfs_and_grown_data,
        shape_mbr_fat16_and_root_partition,
        shape_superfloppy_ext2,
    )
}
