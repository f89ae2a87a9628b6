# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Buttons and LEDs of the flash system, and its settings in JFFS2, as far as malta can show them: GPIO
lines are the kernel's gpio-mockup, the button that the kernel knows is a key of the PS/2 keyboard, the
LED of the kernel's one of its lights. Their kernel has tests/kernels/panel.config besides."""

import random
import re
from dataclasses import replace
from pathlib import Path

from . import eras, mtd, qemu, router
from .board import REPOSITORY, load_board
from .cases import RESCUE, expect, step
from .fixtures import BOARD, Fixtures, output_of
from .guard_cases import SIZES, Shell
from .monitor import Monitor
from .preinit_cases import HANDED_OVER
from .preinit_media_cases import fat_stick, running

LINES = "gpio_mockup.gpio_mockup_ranges=-1,8"  # eight, all low, numbered from anywhere
SHOW_LINE = b"for line in /sys/class/gpio/gpio[0-9]*; do echo line $(cat $line/direction $line/value); done\n"
LED_LINE = re.compile(r"ps2_(?:keyboard_)?set_ledstate .*?ledstate (\d+)")


def with_panel(fixtures: Fixtures) -> Fixtures:
    fragment = REPOSITORY / "tests/kernels/panel.config"
    kernel = output_of(REPOSITORY / "tools/build-kernel", "--fragment", fragment, BOARD, "flash")
    return replace(fixtures, flash_kernel=kernel.split("\n")[0])


def era_b_line_held_skips(fixtures: Fixtures, folder: Path):
    """P13: a button that the kernel does not know, by its GPIO line."""
    stick = fat_stick(folder)
    machine = eras.flashed(with_panel(fixtures), "era-b", folder, "--skip-button", "gpio:3:low",
                           command_line=LINES)
    with running(machine, machine.arguments(stick, False), stick) as console:
        expect(console, [step("skip", "button at gpio:3:low"), HANDED_OVER, eras.SYSTEM_UP])
        assert "the script ran" not in console.text


def era_b_led_at_a_line(fixtures: Fixtures, folder: Path):
    """P13, P14: a line that is not held is no button; the LED's line is lit, and given back."""
    stick = fat_stick(folder, {"boot/boot.sh": SHOW_LINE + b"exit 7\n"})
    machine = eras.flashed(with_panel(fixtures), "era-b", folder, "--skip-button", "gpio:3:high",
                           "--led", "gpio:5:low", command_line=LINES)
    with running(machine, machine.arguments(stick, False), stick) as console:
        expect(console, [r"^line out [01]", HANDED_OVER, eras.SYSTEM_UP])
        assert len(re.findall("^line ", console.text, re.MULTILINE)) == 1, "the button's line is still ours"
        left = Shell(console).run("echo $(ls /sys/class/gpio | grep -c '^gpio[0-9]') lines")
        assert "\n0 lines" in left, left


def era_b_pressed_key_skips_and_led_blinks(fixtures: Fixtures, folder: Path):
    """P13, P14: a button of the kernel's, pressed during the search; until then its LED blinks, as the
    keyboard's controller is told, and then is what it was."""
    machine = eras.flashed(with_panel(fixtures), "era-b", folder, "--skip-button", "any", "--skip-key",
                           "none", "--led", "capslock")
    with Monitor() as monitor:
        arguments = machine.arguments(None, False) + monitor.arguments
        arguments += ["-trace", "ps2_set_ledstate"]
        with running(machine, arguments) as console:
            position = console.wait_for(step("start"))
            for _ in range(4):  # on, off, on, off
                position = console.wait_for(LED_LINE.pattern, position)
            monitor.press_key("a")
            expect(console, [step("skip", "button$"), HANDED_OVER, eras.SYSTEM_UP])
            left = Shell(console).run("cat /sys/class/leds/*capslock/trigger /sys/class/leds/*capslock/brightness")
            states = LED_LINE.findall(console.text)
    assert "[none]" in left and "\n0\n" in left, left
    assert set(states) >= {"0", "4"} and states[-1] == "0", f"the light was told {states}"


def settings_of(state: str, kernel: Path, folder: Path) -> bytes:
    """The start of rootfs_data: as OpenWrt ships it, formatted with settings in it, or spoilt."""
    if state == "shipped":
        return b"\xde\xad\xc0\xde"
    if state == "damaged":
        return b"\x85\x19" + random.Random(1).randbytes(SIZES["rootfs_data"] - 2)
    modules = next((kernel.parent / "modules/lib/modules").iterdir())
    module = next(modules.rglob("crc7.ko"))
    return mtd.jffs2({"upper/etc/usbboot.conf": "USB_WAIT='2'\nMODULES_EXTRA=\"crc7\"\nSKIP_KEY=none\n",
                      f"upper/lib/modules/{modules.name}/crc7.ko": module.read_bytes()}, folder)


OVERLAYS = {  # what rootfs_data holds, what preinit says, and the wait that then counts
    "formatted": ("USB_WAIT 2, DISK_WAIT 10, crc7", 2),
    "shipped": ("not formatted yet", 1),
    "damaged": ("the JFFS2 cannot be mounted, ignored", 1),
    "missing": ("there is no rootfs_data", 1),
}


def overlay_config(fixtures: Fixtures, folder: Path):
    """P15: the flash's own settings, from real MTD, which is read and never written."""
    folder.mkdir(parents=True, exist_ok=True)
    panel = with_panel(fixtures)
    root = folder / "flash-root.squashfs"
    panel.flash_root(root, "--overlay-config", "--usb-wait", "1")
    panel.pack(root, folder / "overlay.trx")
    machine = router.flashed(folder / "overlay.trx", load_board(BOARD), folder)
    for state, (said, wait) in OVERLAYS.items():
        chip = folder / "mtd.img"
        name = "spare2" if state == "missing" else "rootfs_data"
        contents = {} if state == "missing" else {"rootfs_data": settings_of(
            state, Path(panel.flash_kernel), folder)}
        mtd.make_chip(chip, contents)
        sizes = {name if part == "rootfs_data" else part: size for part, size in SIZES.items()}
        arguments = replace(machine, options=f"{machine.options} {mtd.partitions_of(sizes)}").arguments(
            None, False) + ["-drive", f"if=pflash,format=raw,file={qemu.escaped(chip)}"]
        with running(machine, arguments, chip) as console:
            expect(console, [step("modules", f"the flash's settings: {said}"),
                             step("usb", f"no USB storage in {wait} seconds"), *RESCUE])
            shell = Shell(console)
            loaded = "crc7" in shell.run("cat /proc/modules")
            assert loaded == (state == "formatted"), f"module in the flash: {loaded}"
            assert "jffs2" not in shell.run("cat /proc/mounts"), "it stays mounted"
        print(f"{state}: {said}")


CASES = {
    case.__name__: case
    for case in (
        era_b_line_held_skips,
        era_b_led_at_a_line,
        era_b_pressed_key_skips_and_led_blinks,
        overlay_config,
    )
}
