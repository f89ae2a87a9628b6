# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""The wrapper in front of OpenWrt's own preinit, of both eras, on the emulated router."""

import sys
from pathlib import Path

from . import eras, flash, media, router
from .cases import KERNEL_STARTS, SECOND_KERNEL, TEST_ROOT, check_marker, expect, powered, step
from .fixtures import BOARD, Fixtures, tool
from .guard_cases import Shell

HANDED_OVER = step("fallback", "starting the flash system")


def era_a_boots_from_stick(fixtures: Fixtures, folder: Path):
    """P2: process 1, nothing mounted; the stick's kernel is started all the same."""
    stick = router.copy_of(fixtures.path("fat.img"), folder)
    with powered(eras.flashed(fixtures, "era-a", folder), stick) as console:
        expect(console, [KERNEL_STARTS, step("start"), step("usb", "sda1 mounted read-only"),
                         step("kexec", "starting default"), *SECOND_KERNEL, *TEST_ROOT])
        console.wait_for_end()
    check_marker(stick, folder, "/marker", "ext4 rw")


def era_b_button_leads_to_failsafe(fixtures: Fixtures, folder: Path):
    """P13: a button held skips the stick, and OpenWrt's own failsafe sees it too."""
    stick = router.copy_of(fixtures.path("fat.img"), folder)
    before = flash.sha256(stick)
    machine = eras.flashed(fixtures, "era-b", folder, command_line="button=reset")
    with powered(machine, stick) as console:
        expect(console, [KERNEL_STARTS, step("skip", ".*button"), HANDED_OVER,
                         r"^- failsafe button reset was pressed -", eras.FAILSAFE])
        assert "running boot.sh" not in console.text, "the stick's script ran"
    assert flash.sha256(stick) == before, "the stick was written"


def P16_failed_stick_leaves_failsafe_to_a_key(fixtures: Fixtures, folder: Path):
    """P16: after a boot script that failed, f and Enter lead to OpenWrt's failsafe."""
    stick = folder / "stick.img"
    folder.mkdir(parents=True, exist_ok=True)
    media.make_fat_stick(stick, {"boot/boot.sh": b"echo no kernel today\nexit 7\n"})
    with powered(eras.flashed(fixtures, "era-b", folder), stick) as console:
        expect(console, [KERNEL_STARTS, step("script", "running boot.sh of sda1"),
                         r"^no kernel today", step("script", "boot.sh came back with status 7"),
                         HANDED_OVER])
        position = console.wait_for(eras.FAILSAFE_PROMPT)
        console.send("f\n")
        console.wait_for(eras.FAILSAFE, position)


def without_kernel(stick: Path, folder: Path):
    """The stick's entry keeps the flash kernel."""
    path = "/boot/entries/default.conf"
    lines = media.extract(stick, path, folder / "entry").read_text().splitlines()
    media.write(stick, path, "".join(f"{line}\n" for line in lines if not line.startswith("kernel")).encode())


def era_b_boots_entry_without_kernel(fixtures: Fixtures, folder: Path):
    """B8, R10: procd's init stays process 1 and goes on with the root on the stick; its swap is on and
    its /opt is mounted before that starts."""
    folder.mkdir(parents=True, exist_ok=True)
    tree, stick = folder / "root.tar", folder / "stick.img"
    tool(sys.executable, eras.MAKE_ROOT, "era-b", tree, "--busybox", fixtures.busybox)
    tool(fixtures.mkbootusb, "image", "--board", BOARD, "--kernel", fixtures.stick_kernel, "--busybox",
         fixtures.busybox, "--rootfs", tree, "--free", "4M", "--swap", "8M", "--data", "16M",
         "--mount", "label:USBDATA /opt ext4 rw,noatime", "--mount", "label:ABSENT /srv ext4 rw,nofail",
         "-o", stick)
    without_kernel(stick, folder)
    with powered(eras.flashed(fixtures, "era-b", folder), stick) as console:
        expect(console, [step("root", "default keeps this kernel"), step("swap", "on "),
                         step("root", "label:USBDATA mounted on /opt"),
                         step("root", "cannot mount label:ABSENT on /srv: going on without it"),
                         step("switch", "to /sbin/procd of default"), eras.FAILSAFE_PROMPT,
                         step("done", "the system on USB is up"), eras.SYSTEM_UP])
        assert console.text.count("Linux version ") == 1, "a second kernel was started"
        shell = Shell(console)
        seen = shell.run("cat /proc/mounts; sed -n 2p /proc/swaps; cat /proc/1/comm")
        for wanted in (" / ext4 rw", " /opt ext4 rw", "partition\t", " /mnt/usbboot vfat rw"):
            assert wanted in seen, f"no {wanted}: {seen}"
        assert " squashfs " not in seen, f"the flash root is still mounted: {seen}"
        console.send("poweroff\n")
        console.wait_for_end()
    media.run("e2fsck", "-fn", media.extract(stick, "/boot/default/root.img", folder / "root.img"))
    media.check_clean(stick, folder)


CASES = {
    case.__name__: case
    for case in (
        era_a_boots_from_stick,
        era_b_button_leads_to_failsafe,
        P16_failed_stick_leaves_failsafe_to_a_key,
        era_b_boots_entry_without_kernel,
    )
}
