# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Images read back from a router: whole chips and partitions, on which a system has run."""

import struct

from case import BOARD, Case
from images import HDR0, START, Image, belkin, filler, trx

DUMP = (*BOARD, "--dump")
FLASH, NVRAM = 0x800000, 0x7F8000
ERASE = 0x10000
CFE_MARK = struct.pack("<II", 0x43464531, 0x43464531)


def node(size):
    """What JFFS2 writes: its magic and a length, over and over."""
    return struct.pack("<HHII", 0x1985, 0x2003, 12, 0) * (size // 12)


def flashed(image=None):
    """The firmware's partition after the first start: JFFS2 instead of the markers."""
    image = belkin() if image is None else image
    jffs2_at = image.data.index(b"\xde\xad\xc0\xde", 0x21388)
    return Image((image.data[:jffs2_at] + node(3 * ERASE)).ljust(FLASH - START - 0x10000, b"\xff"))


def chip(image=None):
    boot = filler(0x4E0, 3) + CFE_MARK
    nvram = b"FLSH" + struct.pack("<I", 64) + bytes(56)
    data = boot.ljust(START, b"\0") + flashed(image).data
    return Image(data.ljust(NVRAM, b"\xff") + nvram.ljust(FLASH - NVRAM, b"\xff"))


def fixed(image):
    """As `mtd fixtrx` leaves it: length and CRC of one erase block."""
    return image.length(ERASE)


CASES = [
    Case("sound/chip", chip, "TRX024@0x50000:note", DUMP),
    Case("sound/partition", flashed, "TRX024@0x30000:note", DUMP),
    Case("sound/chip-after-fixtrx", lambda: chip(fixed(belkin())), "TRX023@0x20004:note", DUMP),
    Case("sound/partition-after-fixtrx", lambda: flashed(fixed(belkin())), "TRX023@0x4:note", DUMP),

    Case("chip/damaged", lambda: chip().flip(START + 0x1000, 0), "TRX005@0x20008 PAY002@0x2178a",
         DUMP),
    Case("chip/other-magic", lambda: chip().put32(START, HDR0), "TRX001@0x20000", DUMP),
    Case("chip/erased", lambda: Image(b"\xff" * FLASH), "exit 3", DUMP),
    Case("dump-size/half-a-chip", lambda: chip().cut(FLASH // 2), "exit 3", DUMP),
    Case("dump-size/cut", lambda: flashed().cut(0x15000), "TRX004@0x4 TRX005@0x8", DUMP),
    Case("dump-offsets/past-flash",
         lambda: flashed(fixed(belkin()).put32(0x18, 0x7F0000).length(ERASE)), "TRX012@0x18", DUMP),
    Case("not-told/chip", chip, "exit 3"),
    Case("not-told/after-fixtrx", lambda: flashed(fixed(belkin())),
         "TRX012@0x14 TRX017@0x20000 MAP002@0x0"),
]
