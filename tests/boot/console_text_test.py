#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Lines of programs and kernel, mixed as a serial console mixes them.

import unittest

from emulation.console_text import ConsoleText


def lines_of(*pieces):
    text = ConsoleText()
    for piece in pieces:
        text.add(piece)
    return text.lines, text.rest


class Mixed(unittest.TestCase):
    def test_interrupted_line_becomes_whole(self):
        raw = "the root is [    5.124725] scsi host0: x\r\n/dev/vda3\r\n"
        self.assertEqual(lines_of(raw), ("[    5.124725] scsi host0: x\nthe root is /dev/vda3\n", ""))

    def test_twice_interrupted(self):
        raw = "ab[    1.000000] k1\n[    1.000001] k2\ncd[    1.000002] k3\nef\n"
        self.assertEqual(lines_of(raw)[0].splitlines()[-1], "abcdef")

    def test_any_piece_gives_the_same(self):
        raw = "a [1.25] b\nuser [   10.000001] kernel\nrest\nprompt: "
        self.assertEqual(lines_of(*raw), lines_of(raw))
        self.assertEqual(lines_of(raw)[1], "prompt: ")

    def test_times_of_the_boot_scripts_are_no_kernel_lines(self):
        self.assertEqual(lines_of("usbboot: [3.91] usb: x\n")[0], "usbboot: [3.91] usb: x\n")

    def test_interrupted_prompt_is_seen(self):
        self.assertEqual(lines_of("press Enter. [    2.000000] random\n")[1], "press Enter. ")


if __name__ == "__main__":
    unittest.main()
