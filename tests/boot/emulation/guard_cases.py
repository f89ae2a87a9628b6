# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Flash writers on a kernel with MTD: what each does in a root as it is, and in one made ready for USB.

The kernel is the one for the flash, which has MTD and JFFS2, with the stick's initramfs; the chip is
malta's own. The roots are the stand-ins for OpenWrt of both eras, whose writers really write.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from . import eras, flash, media, mtd, qemu, router
from .board import load_board
from .cases import expect, step
from .fixtures import BOARD, Fixtures, tool, variant_of_board

@dataclass(frozen=True)
class Writer:
    command: str
    before: str = ""  # gives it something to do


WRITERS = [
    Writer("mtd write /etc/openwrt_release linux"),
    Writer("mtd erase spare"),
    Writer("mtd fixtrx linux"),
    # An image that the target's own check takes.
    Writer("sysupgrade -n /tmp/image", "printf 'HDR0and more' >/tmp/image"),
    Writer("nvram set a=b; nvram commit"),
    Writer("firstboot -y", "mkdir -p /overlay/1; sync"),
]
ERA_WRITERS = {
    "era-a": [],
    "era-b": [
        Writer("jffs2reset -y", "mkdir -p /overlay/2; sync"),
        Writer("factoryreset -y", "mkdir -p /overlay/3; sync"),
        Writer("jffs2mark"),
        Writer("snapshot write"),
    ],
}
HELD_BUTTON = "ACTION=released SEEN=10 /etc/rc.button/reset"
SETTINGS = {"upper/etc/config/network": "lan of the flash\n", "etc/config/network": "lan of the flash\n"}


def stick_of(fixtures: Fixtures, era: str, folder: Path, *options: str) -> tuple[Path, Path]:
    """A stick with that root and a kernel with MTD; the kernel as a file, to be started at once."""
    folder.mkdir(parents=True, exist_ok=True)
    tree = folder / "root.tar"
    tool(sys.executable, eras.MAKE_ROOT, era, tree, "--busybox", fixtures.busybox)
    stick = folder / "stick.img"
    tool(fixtures.mkbootusb, "image", "--board", BOARD, "--kernel", fixtures.flash_kernel, "--busybox",
         fixtures.busybox, "--rootfs", tree, "--free", "4M", *options, "-o", stick)
    return stick, media.extract(stick, "/boot/default/vmlinux.elf", folder / "vmlinux.elf")


def new_chip(folder: Path) -> Path:
    chip = folder / "flash.img"
    mtd.make_chip(chip, {"boot": b"CFE1CFE1", "linux": b"HDR0" + bytes(range(256)) * 64,
                         "rootfs_data": mtd.jffs2(SETTINGS, folder), "spare": b"spare",
                         "nvram": b"FLSH"})
    return chip


class Shell:
    """The console of the running system, at its shell."""

    def __init__(self, console: qemu.Console):
        self.console, self.count = console, 0
        self.position = console.wait_for(r"^Please press Enter to activate this console")
        console.send("\n")

    def run(self, command: str) -> str:
        """What `command` printed, with its status at the end."""
        self.count += 1
        start = self.position
        # What is typed is echoed, and must not look like the end.
        # OpenWrt before procd suppresses the standard error of all that init starts.
        self.console.send(f"{{ {command}; }} 2>&1; status=$?; echo; echo end-$(({self.count})) $status\n")
        self.position = self.console.wait_for(rf"^end-{self.count} \d+$", start)
        return self.console.text[start : self.position]


def switched_on(kernel: Path, chip: Path, stick: Path | None, folder: Path,
                partitions: dict[str, int]) -> qemu.Console:
    options = f"{router.OPTIONS} {mtd.partitions_of(partitions)}"
    arguments = mtd.command(kernel, options, load_board(BOARD).ram_size, chip, stick)
    return qemu.Console(arguments, folder / "console.log", 150)


SIZES = {name: size for name, (_, size) in mtd.PARTITIONS.items()}


UP = [step("switch", "to /"), r"^stand-in: .* system up"]


def control(fixtures: Fixtures, era: str, folder: Path):
    """Without the guards every writer changes the chip: the start itself, and each command."""
    stick, kernel = stick_of(fixtures, era, folder, "--as-is")
    chip = new_chip(folder)
    image, settings = mtd.part(chip, "linux"), mtd.part(chip, "rootfs_data")
    with switched_on(kernel, chip, stick, folder, SIZES) as console:
        expect(console, UP)
        assert mtd.part(chip, "linux") != image, "09_fix_crc wrote nothing"
        assert mtd.part(chip, "rootfs_data") != settings, "the overlay was not mounted"
        shell = Shell(console)
        for writer in WRITERS + ERA_WRITERS[era]:
            shell.run(writer.before or "true")
            before = flash.sha256(chip)
            said = shell.run(writer.command)
            assert flash.sha256(chip) != before, f"{writer.command} wrote nothing: {said}"
            print(f"{era} as it is: {writer.command} writes the flash")
        shell.run("mkdir -p /overlay/4; sync")
        before = flash.sha256(chip)
        console.send(f"{HELD_BUTTON}\n")
        console.wait_for_end()  # it restarts
        assert flash.sha256(chip) != before, "the reset button wrote nothing"


def guarded(fixtures: Fixtures, era: str, folder: Path):
    """R2, R3, R4, R6, R8: none of them does in the root that mkbootusb made ready."""
    stick, kernel = stick_of(fixtures, era, folder)
    chip = new_chip(folder)
    before = flash.sha256(chip)
    with switched_on(kernel, chip, stick, folder, SIZES) as console:
        expect(console, UP)
        shell = Shell(console)
        mounts = shell.run("cat /proc/mounts")
        assert " / ext4 rw" in mounts and "jffs2" not in mounts and " / overlay" not in mounts, mounts
        for writer in WRITERS + ERA_WRITERS[era]:
            said = shell.run(writer.command)
            assert "refused" in said or "not found" in said, f"{writer.command}: {said}"
            assert flash.sha256(chip) == before, f"{writer.command} wrote the flash"
        shell.run(HELD_BUTTON)
        said = shell.run("sysupgrade -b /tmp/saved.tgz && tar xzOf /tmp/saved.tgz etc/config/network")
        assert "lan of the flash" in said, said
        assert flash.sha256(chip) == before, "reset button or sysupgrade -b wrote the flash"
        console.send("poweroff\n")
        console.wait_for_end()
    assert flash.sha256(chip) == before, "the end wrote the flash"
    print(f"{era} made ready: chip unchanged: {before}")
    root = media.extract(stick, "/boot/default/root.img", folder / "root.img")
    media.run("e2fsck", "-fn", root)
    media.check_clean(stick, folder)


SMALL_CHIP = [("size = { value = 0x800000", "size = { value = 0x400000"),
              ("size = { value = 0x7d0000", "size = { value = 0x3d0000"),
              ("offset = { value = 0x7f0000", "offset = { value = 0x3f0000")]


def flash_system_keeps_its_settings(fixtures: Fixtures, folder: Path):
    """The article's step 10: squashfs and JFFS2 in the flash, formatted by the running system."""
    board_path = variant_of_board(folder / "small-chip.toml", *SMALL_CHIP)
    board = load_board(board_path)
    machine = router.flashed(fixtures.path("era-b.trx"), board, folder)
    trx = fixtures.path("era-b.trx").stat().st_size
    root = flash.rootfs_offset(machine.chip.read_bytes(), board)
    # The image ends with the mark that has its last erase block formatted.
    settings = board.firmware_offset + trx // mtd.ERASE_SIZE * mtd.ERASE_SIZE
    # No partition "linux": the stand-in's 09_fix_crc would write what is no CRC.
    partitions = {"boot": board.firmware_offset, "kernel": root - board.firmware_offset,
                  "rootfs": settings - root, "rootfs_data": board.nvram_offset - settings,
                  "nvram": board.flash_size - board.nvram_offset}
    for boot in (1, 2):
        with switched_on(machine.kernel, machine.chip, None, folder, partitions) as console:
            console.wait_for(r"^stand-in: .* system up")
            shell = Shell(console)
            if boot == 1:
                assert "jffs2" in shell.run("grep ' /overlay ' /proc/mounts"), "not formatted"
                shell.run("mkdir -p /overlay/upper/etc/config")
                shell.run("echo kept-$((6*7)) >/overlay/upper/etc/config/mine; sync")
                mtd.wait_for_jffs2(machine.chip, settings)
            else:
                said = shell.run("cat /etc/config/mine; grep ' /overlay ' /proc/mounts")
                assert "kept-42" in said and "jffs2" in said, said
    tool(fixtures.trxtool, "verify", "--board", board_path, "--dump", machine.chip)


def guards_control_era_a(fixtures: Fixtures, folder: Path):
    control(fixtures, "era-a", folder)


def guards_control_era_b(fixtures: Fixtures, folder: Path):
    control(fixtures, "era-b", folder)


def R5_guards_failsafe(fixtures: Fixtures, folder: Path):
    """R3, R5: failsafe out of the root on USB alone, and no nvram committed."""
    stick, kernel = stick_of(fixtures, "era-b", folder)
    chip = new_chip(folder)
    before = flash.sha256(chip)
    with switched_on(kernel, chip, stick, folder, SIZES) as console:
        position = console.wait_for(eras.FAILSAFE_PROMPT)
        console.send("f\n")
        console.wait_for(eras.FAILSAFE, position)
    assert flash.sha256(chip) == before, "failsafe wrote the flash"


def guards_era_a(fixtures: Fixtures, folder: Path):
    guarded(fixtures, "era-a", folder)


def guards_era_b(fixtures: Fixtures, folder: Path):
    guarded(fixtures, "era-b", folder)


CASES = {
    case.__name__: case
    for case in (guards_control_era_a, guards_control_era_b, guards_era_a, guards_era_b,
                 R5_guards_failsafe, flash_system_keeps_its_settings)
}
