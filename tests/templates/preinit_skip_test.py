#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""templates/skip.sh and gpio.sh: buttons and keys that lead to the flash system (P13)."""

import os
import struct
import unittest

from case import BOOT_OK, Case

GPIO = "fake/sys/class/gpio"
# Only busybox ash can wait for a key; a strict shell goes on without.
HAS_KEYS = os.environ.get("TEMPLATE_SHELL") == "ash"


def event(kind: int, code: int, value: int) -> bytes:
    """A struct input_event of a 32-bit little-endian kernel (linux include/uapi/linux/input.h)."""
    return struct.pack("<IIHHi", 1, 0x0A0D0001, kind, code, value)


class Skip(Case):
    def boot(self, settings: str = "", **options):
        self.box.install_preinit(settings)
        self.box.add_stick("sda1", "vfat", {"boot/boot.sh": BOOT_OK})
        self.box.run("/etc/preinit", **options)
        self.assertFlashBoot()
        self.assertEqual(["/"], self.box.mounts)
        self.assertNotIn("other processes", self.box.read("state/preinit.00"))

    def assertSkipped(self, reason: str):
        self.assertSays(f"skip: {reason}\n")
        self.assertNotIn("script:", self.box.output)

    def assertBooted(self):
        self.assertSays("script: usb ")

    # --- keys ---

    def test_P13_key_on_the_console(self):
        self.boot(terminal=True, typed="x")
        if HAS_KEYS:
            self.assertSays("looking for a boot script; any key skips it\r?\n")
            self.assertSkipped("key on the console")
        else:
            self.assertBooted()

    def test_P13_silent_console(self):
        self.boot(terminal=True)
        self.assertBooted()

    def test_P13_one_key_alone(self):
        for typed in ("x", "s"):
            with self.subTest(typed):
                self.setUp()
                self.boot("SKIP_KEY=s\n", terminal=True, typed=typed)
                if HAS_KEYS and typed == "s":
                    self.assertSays("; the key s skips it")
                    self.assertSkipped("key on the console")
                else:
                    self.assertBooted()

    def test_P13_no_key_wanted(self):
        self.boot("SKIP_KEY=none\n", terminal=True, typed="xxx\n")
        self.assertBooted()

    def test_P13_what_is_no_console_presses_no_key(self):
        self.boot(typed="xxx\n")
        self.assertBooted()

    # --- buttons by their GPIO lines ---

    def add_chip(self, base: int, count: int, levels: dict[int, int]):
        """The kernel's view: a line appears when it is exported."""
        self.box.write(f"{GPIO}/gpiochip{base}/base", f"{base}\n")
        self.box.write(f"{GPIO}/gpiochip{base}/ngpio", f"{count}\n")
        self.box.write(f"{GPIO}/export", "")
        self.box.write(f"{GPIO}/unexport", "")
        for offset, level in levels.items():
            self.box.write(f"{GPIO}/gpio{base + offset}/direction", "out\n")
            self.box.write(f"{GPIO}/gpio{base + offset}/value", f"{level}\n")

    def test_P13_button_of_the_board(self):
        for base, line, level, pressed in ((0, "low", 0, True), (512, "low", 1, False),
                                           (512, "high", 1, True), (0, "high", 0, False)):
            with self.subTest(base=base, line=line, level=level):
                self.setUp()
                self.add_chip(base, 16, {6: level})
                self.boot(f"SKIP_BUTTON='gpio:6:{line}'\n")
                if pressed:
                    self.assertSkipped(f"button at gpio:6:{line}")
                else:
                    self.assertBooted()

    def test_P13_lowest_chip_that_has_the_line(self):
        self.add_chip(600, 32, {8: 1})
        self.add_chip(512, 32, {8: 0})
        self.add_chip(0, 4, {})
        self.boot("SKIP_BUTTON='gpio:8:low'\n")
        self.assertSkipped("button at gpio:8:low")

    def test_P13_line_that_the_kernel_has(self):
        """It cannot be exported; nothing is read, nothing fails."""
        self.add_chip(0, 16, {})
        self.boot("SKIP_BUTTON='gpio:6:low'\n")
        self.assertBooted()

    def test_P13_exported_lines_stay_as_they_are(self):
        self.box.era_b()
        self.add_chip(0, 16, {6: 0})
        self.box.install_preinit("SKIP_BUTTON='gpio:6:low'\n")
        self.box.mounted_already()
        self.box.run("/etc/preinit", environment={"PREINIT": "1"})
        self.assertSays("skip: button at gpio:6:low")
        self.assertEqual("out\n", self.box.read("sys/class/gpio/gpio6/direction"))
        self.assertEqual("", self.box.read("sys/class/gpio/unexport"))

    def test_P13_no_button_wanted(self):
        self.add_chip(0, 16, {6: 0})
        self.boot("SKIP_BUTTON=none\n")
        self.assertBooted()

    # --- buttons that the kernel reports ---

    def seen(self, *events: bytes, settings: str = ""):
        """An input device that has the events ready when it is opened."""
        self.box.write("fake/sys/class/input/event0/dev", "13:64\n")
        self.box.write("usr/sbin/mknod", "#!/stub/sh\n. /stub/lib.sh\nnote mknod \"$@\"\n"
                       "case $1 in */event0) /stub/busybox cp /state/events0 $1 ;; "
                       "*) : >$1 ;; esac\n", 0o755)
        self.box.write("state/events0", b"".join(events))
        self.box.write("state/real-sleep", "")
        self.box.add_interface()
        self.boot(settings)

    def test_P13_button_of_an_input_device(self):
        self.seen(event(1, 0x198, 1), event(0, 0, 0))
        self.assertIn("mknod /tmp/usbboot/event0 c 13 64", self.box.log)
        self.assertSkipped("button")

    def test_P13_switches_and_releases_are_none(self):
        self.seen(event(5, 3, 1), event(0, 0, 0), event(1, 0x198, 0))
        self.assertBooted()

    def test_P13_input_devices_unwanted(self):
        self.seen(event(1, 0x198, 1), settings="SKIP_BUTTON=none\n")
        self.assertBooted()


if __name__ == "__main__":
    unittest.main()
