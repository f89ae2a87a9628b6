# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""The offset table, and what tools are known to write into it."""

from case import NO_BOARD, Case
from images import CYBERTAN, Image, belkin, filler, kernel, packed, padded, plain, row, trx, version2

SOUND = belkin()
KERNEL = packed(kernel())
THREE = plain(KERNEL, filler(3000, 5), filler(2000, 6))
AT = [THREE.word(16 + 4 * i) for i in range(3)]
SHIFTED = trx([(0x100, KERNEL), (0x2000, filler(2000, 6))])


def offsets(*values, image=THREE):
    for number, value in enumerate(values):
        image = image.put32(16 + 4 * number, value)
    return image.seal()


def four_parts_in_version_1():
    """`trx` with four times -f: the last offset lands in part 1 (firmware-utils src/trx.c)."""
    places = row([KERNEL, filler(1000, 1), filler(1000, 2), filler(1000, 3)])
    image = trx(places[:3] + [places[3]], length=0x3000)
    return image.put32(28, places[3][0]).seal()


def version_2_with_three_parts():
    """`trx -2` masks bytes of the header itself where there is no part 4."""
    image = trx(row([KERNEL, filler(1000, 1), filler(1000, 2)], 32), version=2, magic=0x30524448)
    return image.put(22, b"\xff" * 8).seal()


VERSION2 = version2()
FOURTH = VERSION2.word(28)

CASES = [
    Case("first-part/inside-header", offsets(4), "TRX010@0x10 PAY001@0x4", NO_BOARD,
         "otrx check: offset[0] = 4"),
    Case("first-part/gap", SHIFTED, "TRX011@0x10", NO_BOARD,
         "otrx check: offset[0] = 0x100; peers 3"),
    Case("first-part/gap-of-4", offsets(32), "TRX011@0x10 PAY001@0x20", NO_BOARD),
    Case("past-end/at-length", offsets(AT[0], len(THREE.data), 0), "TRX012@0x14 PAY010@0x1790",
         NO_BOARD),
    Case("past-end/0xf0000000", offsets(AT[0], AT[1], 0xF0000000), "TRX012@0x18", NO_BOARD,
         "peers 8"),
    Case("past-end/0xfffffff0", offsets(AT[0], 0xFFFFFFF0, 0), "TRX012@0x14 PAY010@0x1790",
         NO_BOARD, "otrx check: offset 0xFFFFFFF0"),
    Case("order/descending", offsets(AT[2], AT[1], AT[0]),
         "TRX011@0x10 TRX013@0x14 TRX013@0x18 PAY001@0x2348", NO_BOARD, "otrx check: descending"),
    Case("order/last-two", offsets(AT[0], AT[2], AT[1]), "TRX013@0x18", NO_BOARD,
         "binwalk and unblob assume ascending ones"),
    Case("order/squashfs-first", SOUND.put32(16, 0x20000).put32(20, 28).seal(),
         "TRX011@0x10 TRX013@0x14 PAY001@0x20000"),
    Case("same/first-two", offsets(AT[0], AT[0], 0),
         "TRX014@0x14 PAY010@0x1790 PAY010@0x1790", NO_BOARD, "otrx check: identical"),
    Case("same/last-two", offsets(AT[0], AT[1], AT[1]), "TRX014@0x18", NO_BOARD,
         "trx with an empty file"),
    Case("unaligned/part-1", offsets(29), "TRX011@0x10 TRX015@0x10 PAY001@0x1d", NO_BOARD,
         "otrx check: unaligned 29"),
    Case("unaligned/part-2", offsets(AT[0], AT[1] + 1, 0), "TRX015@0x14 PAY010@0x1790", NO_BOARD,
         "otrx check: unaligned 0x1001"),
    Case("unaligned/part-3", offsets(AT[0], AT[1], AT[2] + 2), "TRX015@0x18", NO_BOARD),
    Case("holes/no-parts", offsets(0, 0, 0), "TRX016@0x10", NO_BOARD,
         "otrx check: all offsets 0; trx -A before -f"),
    Case("holes/second", offsets(AT[0], 0, AT[2]), "TRX016@0x14 PAY010@0x1790", NO_BOARD,
         "otrx check: hole"),
    Case("holes/first", offsets(0, AT[1], AT[2]), "TRX016@0x10", NO_BOARD),
    Case("spilled/four-in-version-1", four_parts_in_version_1, "TRX025@0x1c PAY001@0x1c", NO_BOARD,
         "trx -f four times; peers 7"),
    Case("garbage/unused-offset", offsets(AT[0], AT[1], 0xA5A5A5A5), "TRX012@0x18 TRX015@0x18",
         NO_BOARD, "trx: unused offsets from the heap"),

    Case("part-4/absent", trx(row([KERNEL, filler(900, 2)], 32), version=2, magic=0x30524448),
         "TRX019@0x1c", NO_BOARD),
    Case("part-4/too-small", VERSION2.length(FOURTH + 16).cut(FOURTH + 16),
         f"TRX018@0x4 TRX020@{FOURTH:#x}", NO_BOARD),
    Case("part-4/of-version-1", SOUND.put16(14, 2).seal(),
         "TRX009@0xe TRX010@0x10 TRX012@0x1c TRX015@0x1c TRX020@0x88b1f"),
    Case("masked-crc/plain", VERSION2.put16(14, 1).seal().put16(14, 2), "TRX005@0x8", NO_BOARD),
    Case("masked-crc/header-masked", version_2_with_three_parts,
         "TRX012@0x14 TRX012@0x18 TRX015@0x18 TRX012@0x1c TRX013@0x1c TRX015@0x1c TRX020@0xffff "
         "PAY010@0x1794", NO_BOARD, "trx -2"),
]
