# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Tars that become ext4 images by bench_ext4, whose memory is watched on the way."""

import os

import command
from command import CommandTest

LIMIT, EACH = 64 << 20, 100  # bytes of memory, and for each path


def octal(number: int, width: int) -> bytes:
    return b"%0*o\0" % (width - 1, number)


def header(name: bytes, size: int = 0, kind: bytes = b"0", size_field: bytes = b"") -> bytes:
    """A member of a ustar archive, faster than tarfile writes it."""
    block = bytearray(512)
    block[0:len(name)] = name
    block[100:108] = octal(0o644, 8)
    block[108:116] = block[116:124] = octal(0, 8)
    block[124:136] = size_field or octal(size, 12)
    block[136:148] = octal(1_600_000_000, 12)
    block[156:157] = kind
    block[257:265] = b"ustar\x0000"
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


class Ext4Case(CommandTest):
    def fill(self, tar: str, mebibytes: int, paths: int = 0) -> tuple[int, str]:
        """Exit status and what was said. The peak of memory is judged here."""
        errors = self.folder / "errors"
        child = os.fork()
        if child == 0:
            try:
                os.chdir(self.folder)
                os.environ["SOURCE_DATE_EPOCH"] = "1700000000"
                os.dup2(os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
                os.execv(command.PROGRAMS["bench_ext4"],
                         ["bench_ext4", tar, str(mebibytes), "image"])
            finally:
                os._exit(127)  # the test, and the end of its folder, are the parent's
        _, status, usage = os.wait4(child, 0)
        self.assertLess(usage.ru_maxrss * 1024, LIMIT + EACH * paths)
        status = os.waitstatus_to_exitcode(status)
        if status != 0:
            left = {path.name for path in self.folder.iterdir()} - {tar, "errors"}
            self.assertEqual(set(), left, "left behind")
        return status, errors.read_text()
