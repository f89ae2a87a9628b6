# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Takes the two voices on a serial console apart.

The kernel prints whole lines, but in the middle of what a program is writing: "the root is [ 5.124725]
scsi host0: ..." and "/dev/vda3" on the next line. Here each line becomes whole again, the kernel's
first.
"""

import re

KERNEL_LINE = re.compile(r"\[ *\d+\.\d{6}\] ")


class ConsoleText:
    """`lines` only grows, by whole lines; `rest` is what was begun."""

    def __init__(self):
        self.lines = ""
        self._begun = ""  # by a program, interrupted by the kernel
        self._raw = ""  # since the last newline

    @property
    def rest(self) -> str:
        return self._begun + self._raw

    def add(self, text: str):
        *complete, self._raw = (self._raw + text.replace("\r", "")).split("\n")
        for line in complete:
            self._add_line(line)

    def _add_line(self, line: str):
        kernel = KERNEL_LINE.search(line)
        if kernel:
            self._begun += line[: kernel.start()]
            self.lines += line[kernel.start() :] + "\n"
        else:
            self.lines += self._begun + line + "\n"
            self._begun = ""
