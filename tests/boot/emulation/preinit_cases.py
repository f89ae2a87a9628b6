# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""The wrapper in front of OpenWrt's own preinit, of both eras, on the emulated router."""

from pathlib import Path

from . import eras, flash, media, router
from .cases import KERNEL_STARTS, SECOND_KERNEL, TEST_ROOT, check_marker, expect, powered, step
from .fixtures import Fixtures

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


def era_b_failed_stick_leaves_failsafe_to_a_key(fixtures: Fixtures, folder: Path):
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


CASES = {
    case.__name__: case
    for case in (
        era_a_boots_from_stick,
        era_b_button_leads_to_failsafe,
        era_b_failed_stick_leaves_failsafe_to_a_key,
    )
}
