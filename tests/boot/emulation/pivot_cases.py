# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Boot entries that keep the flash kernel, with more of what the flash system brings: settings in its
JFFS2, on malta's real MTD, and checkers."""

import json
import sys
from dataclasses import replace
from pathlib import Path

from . import eras, media, mtd, qemu
from .cases import KERNEL_STARTS, expect, step
from .fixtures import BOARD, Fixtures, tool
from .guard_cases import SIZES, Shell
from .preinit_media_cases import running

SETTINGS = "ROOT='label:USBROOT'\nSWAP=label:FLASHSWAP\n"
ENTRY = b"title open\npath /opt/bin:/usr/sbin:/usr/bin:/sbin:/bin\nenv GREETING=it's me\n"


def stick_with_damaged_root(fixtures: Fixtures, folder: Path) -> tuple[Path, str]:
    """The root on a partition that is not clean; and that partition, for e2fsprogs. The entry leaves root
    and swap open."""
    tree, stick = folder / "root.tar", folder / "stick.img"
    tool(sys.executable, eras.MAKE_ROOT, "era-b", tree, "--busybox", fixtures.busybox)
    tool(fixtures.mkbootusb, "image", "--board", BOARD, "--kernel", fixtures.stick_kernel, "--busybox",
         fixtures.busybox, "--rootfs", tree, "--root-as", "partition", "-o", stick)
    media.write(stick, "/boot/entries/default.conf", ENTRY)
    table = json.loads(media.run("sfdisk", "-J", stick))["partitiontable"]["partitions"]
    partition = f"{stick}?offset={table[1]['start'] * 512}"
    for request in ("ssv state 0", "ssv free_blocks_count 1"):
        media.run("debugfs", "-w", "-R", request, partition)
    return stick, partition


def era_b_takes_root_and_swap_of_the_flash(fixtures: Fixtures, folder: Path):
    """P15, B8, I12: ROOT and SWAP of the flash's JFFS2 stand in for what the entry leaves open; the flash
    system's e2fsck repairs the root; procd gets the entry's path and env."""
    folder.mkdir(parents=True, exist_ok=True)
    machine = eras.flashed(fixtures, "era-b", folder, "--overlay-config", add=(
        f"{fixtures.e2fsck}=/usr/sbin/e2fsck", f"{fixtures.fsck_fat}=/usr/sbin/fsck.fat"))
    stick, partition = stick_with_damaged_root(fixtures, folder)
    chip, swap = folder / "mtd.img", folder / "swap.img"
    mtd.make_chip(chip, {"rootfs_data": mtd.jffs2({"upper/etc/usbboot.conf": SETTINGS}, folder)})
    swap.write_bytes(bytes(8 << 20))
    media.run("mkswap", "-L", "FLASHSWAP", swap)
    arguments = replace(machine, options=f"{machine.options} {mtd.partitions_of(SIZES)}").arguments(stick, False)
    arguments += ["-drive", f"if=pflash,format=raw,file={qemu.escaped(chip)}",
                  "-drive", f"if=none,id=swap,format=raw,file={qemu.escaped(swap)}",
                  "-device", "usb-storage,bus=usb.0,drive=swap"]
    with running(machine, arguments, chip) as console:
        expect(console, [KERNEL_STARTS, step("modules", ".*ROOT label:USBROOT, SWAP label:FLASHSWAP"),
                         step("root", "default keeps this kernel"), step("swap", "on "),
                         step("fsck", "sda1 is clean"), step("fsck", "label:USBROOT is repaired"),
                         step("switch", "to /sbin/procd of default"), eras.SYSTEM_UP])
        assert console.text.count("Linux version ") == 1, "a second kernel was started"
        shell = Shell(console)
        seen = shell.run("cat /proc/mounts; cat /proc/swaps; tr '\\000' '\\n' </proc/1/environ")
        for wanted in (" / ext4 rw", "partition\t", "GREETING=it's me", "PATH=/opt/bin:/usr/sbin"):
            assert wanted in seen, f"no {wanted}: {seen}"
        assert "procd" not in seen and "jffs2" not in seen, f"something is still mounted: {seen}"
        console.send("poweroff\n")
        console.wait_for_end()
    media.run("e2fsck", "-fn", partition)
    media.check_clean(stick, folder)


CASES = {case.__name__: case for case in (era_b_takes_root_and_swap_of_the_flash,)}
