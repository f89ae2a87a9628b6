# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Images in vendors' containers, and the CyberTAN header in part 4, by the rules of FORMAT.md."""

import struct

from case import NO_BOARD, Case
from images import CYBERTAN, Image, filler, jamcrc, kernel, packed, plain, squashfs, trx, version2

KERNEL = packed(kernel())
INNER = plain(KERNEL, filler(2000, 4), filler(3000, 5))
BOARD_ID = b"U12H136T99_NETGEAR"


def fold(value):
    value = (value & 0xFFFF) + (value >> 16)
    return value + (value >> 16) & 0xFFFF


def chk_sum(data):
    low = high = 0
    for byte in data:
        low = low + byte & 0xFFFFFFFF
        high = high + low & 0xFFFFFFFF
    return fold(high) << 16 | fold(low)


def chk(contents=INNER.data, board_id=BOARD_ID, length=None, contents_sum=None):
    total = chk_sum(contents) if contents_sum is None else contents_sum
    fields = [0x2A23245E, 40 + len(board_id), bytes([1] + [99] * 7), total, 0,
              len(contents) if length is None else length, 0, total]
    header = struct.pack(">II8sIIIII", *fields)
    own = chk_sum(header + bytes(4) + board_id)
    return Image(header + struct.pack(">I", own) + board_id + contents)


def usr(contents=INNER.data, crc=None, length=None):
    return Image(struct.pack("<4sIIIHH8s", b"USR0", length or len(contents),
                             jamcrc(contents) if crc is None else crc, 0x06235D03, 1, 1, bytes(8))
                 + contents)


def cybertan(contents=INNER.data):
    header = b"61XN" + bytes(4) + bytes([26, 1, 2, 4, 0, 0]) + b"U2ND" + bytes([0, 1, 0x1F]) + \
        bytes(11)
    return Image(header + contents)


def motorola(contents=INNER.data, flags=0x10577050):
    covered = struct.pack(">I", flags) + contents
    return Image(struct.pack(">I", jamcrc(covered)) + covered)


def edimax(image=INNER, parts=3):
    """Part 3 lies 12 bytes before the place that its offset names."""
    data = bytearray(image.data)
    if parts == 3:
        at, end = image.word(24), len(data)
        moved = data[at:end - 12]
        data[at - 12:at - 12 + len(moved)] = moved
    inner = Image(data).seal().data
    return Image(struct.pack("<4sII", b"PS16", len(inner), 0x80500000) + inner)


def asus(product=b"RT-N16", root_size=3000):
    """The tail is the last 64 bytes inside length."""
    tail = bytes([3, 0, 0, 4]) + product.ljust(12, b"\0") + bytes(48)
    image = trx([(28, KERNEL), (0x2000, squashfs(root_size))], magic=0x30524448, length=0x3000)
    return image.put(0x3000 - 64, tail).seal()


def states(*values):
    """The CyberTAN header of part 4 with these boot states."""
    return version2(CYBERTAN[:22] + b"".join(values) + CYBERTAN[30:])


UNSET, STABLE, TRIED = b"\xff\xff", b"\x73\0", b"\x74\0"
FOURTH = version2().word(28)

CASES = [
    Case("sound/chk", chk(), "", NO_BOARD),
    Case("sound/usr", usr(), "", NO_BOARD),
    Case("sound/cybertan", cybertan(), "", NO_BOARD),
    Case("sound/motorola", motorola(), "", NO_BOARD),
    Case("sound/edimax", edimax(), "", NO_BOARD),
    Case("sound/asus", asus(), "", NO_BOARD),
    Case("sound/tried-twice", states(STABLE, TRIED, TRIED, UNSET), "", NO_BOARD),

    Case("chk-header/cut", chk().cut(50), "TRX030@0x0", NO_BOARD),
    Case("chk-header/checksum", chk().put(8, b"\x02"), "TRX033@0x24", NO_BOARD),
    Case("chk-header/no-text", chk(board_id=b"U12H\x01\x02"), "TRX040@0x28", NO_BOARD),
    Case("chk-contents/checksum", chk(contents_sum=1), "TRX032@0x10 TRX032@0x20", NO_BOARD),
    Case("chk-contents/length", chk(length=len(INNER.data) + 1), "TRX031@0x18", NO_BOARD),
    Case("chk-contents/behind", chk().append(b"tail"), "TRX038@0x303a", NO_BOARD),
    Case("usr-header/length", usr(length=len(INNER.data) + 9), "TRX031@0x4", NO_BOARD),
    Case("usr-header/crc", usr(crc=1), "TRX032@0x8", NO_BOARD),
    Case("usr-header/empty", usr(contents=b"no TRX at all" * 9), "TRX037@0x1c", NO_BOARD),
    Case("motorola-header/crc", motorola().put(0, b"\0"), "TRX032@0x0", NO_BOARD),
    Case("motorola-header/model", motorola(flags=0x10577012), "TRX039@0x4", NO_BOARD),
    Case("cybertan-header/empty", cybertan(contents=b"no TRX at all" * 9), "TRX037@0x20", NO_BOARD),
    Case("cybertan-header/no-text", cybertan().put(0, b"\x01\x02\x03\x04"), "TRX040@0x0", NO_BOARD),
    Case("edimax-parts/two", edimax(plain(KERNEL, filler(2000, 4)), 2), "TRX044@0x24", NO_BOARD),
    Case("edimax-parts/damaged", edimax().put(0x800, b"\x55\xaa"), "TRX005@0x14 PAY002@0x1796",
         NO_BOARD),
    Case("asus-tail/over-squashfs", asus(root_size=0x1000), "PAY008@0x2000", NO_BOARD),
    Case("asus-tail/part-inside", asus().put32(24, 0x2FD0).seal(), "TRX043@0x2fd0", NO_BOARD),
    Case("container/not-the-boards", chk(), "TRX034@0x0 TRX001@0x3a"),
    Case("container-image/flags", cybertan(INNER.put16(12, 1).seal().data), "TRX006@0x2c",
         NO_BOARD),
    Case("container-image/cut", cybertan(INNER.cut(8000).data), "TRX004@0x24 TRX005@0x28",
         NO_BOARD),

    Case("boot-state/no-header", version2(bytes(32)), f"TRX041@{FOURTH + 14:#x}", NO_BOARD),
    Case("boot-state/unknown", states(b"\x12\x34", UNSET, UNSET, UNSET),
         f"TRX042@{FOURTH + 22:#x}", NO_BOARD),
    Case("boot-state/out-of-order", states(STABLE, UNSET, TRIED, UNSET),
         f"TRX042@{FOURTH + 26:#x}", NO_BOARD),
]
