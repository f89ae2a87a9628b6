# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Header: magic, length, CRC, flags, version, and what lies behind the image."""

from case import NO_BOARD, VERSION_2_BOARD, Case
from images import (F7D7302, HDR0, QA, Image, MARKER, belkin, filler, jamcrc, kernel, packed, plain,
                    trx)

SOUND = belkin()
LENGTH = SOUND.word(4)
PLAIN = plain(packed(kernel()), filler(3000, 5))

CASES = [
    Case("magic/hdr0", SOUND.put32(0, HDR0), "TRX001@0x0"),
    Case("magic/sibling", SOUND.put32(0, F7D7302), "TRX001@0x0"),
    Case("magic/qa", SOUND.put32(0, QA), "TRX001@0x0"),
    Case("odd-magic/unknown", PLAIN.put32(0, 0xDEADBEEF), "TRX021@0x0", NO_BOARD),
    Case("odd-magic/swapped", SOUND.put32(0, 0x22031020), "TRX021@0x0", NO_BOARD),
    Case("odd-magic/decimal", SOUND.put32(0, 20100322), "TRX001@0x0", peer="trx -M 20100322"),

    Case("cut-header/magic-alone", SOUND.cut(4), "TRX002@0x0"),
    Case("cut-header/27-bytes", SOUND.cut(27), "TRX002@0x0", peer="otrx check: short"),
    Case("cut-header/version-2", PLAIN.put16(14, 2).cut(28), "TRX002@0x0", NO_BOARD),
    Case("no-image/empty", Image(b""), "exit 3", peer="otrx check: empty"),
    Case("no-image/text", Image(b"no firmware at all\n" * 300), "exit 3"),
    Case("no-image/kernel", Image(packed(kernel())), "exit 3"),

    Case("short-length/0", PLAIN.put32(4, 0),
         "TRX003@0x4 TRX005@0x8 TRX012@0x10 TRX012@0x14", NO_BOARD, "otrx check: length 0"),
    Case("short-length/27", PLAIN.put32(4, 27).seal(),
         "TRX003@0x4 TRX012@0x10 TRX012@0x14", NO_BOARD, "otrx check: length 27"),
    Case("short-length/28", PLAIN.put32(4, 28).seal(),
         "TRX018@0x4 TRX012@0x10 TRX012@0x14 TRX017@0x1c", NO_BOARD, "otrx check: length 28"),
    Case("long-length/4-gib", PLAIN.put32(4, 0xFFFFFFFF),
         "TRX004@0x4 TRX018@0x4", NO_BOARD, "otrx check: length 0xFFFFFFFF"),
    Case("long-length/one-block", SOUND.put32(4, LENGTH + 0x1000), "TRX005@0x8"),
    Case("long-length/with-marker", SOUND.length(len(SOUND.data)), "TRX018@0x4 MAP005@0x4"),
    Case("truncated/one-byte", PLAIN.cut(len(PLAIN.data) - 1),
         "TRX004@0x4 TRX005@0x8", NO_BOARD, "otrx check: truncated; peers 11"),
    Case("truncated/in-part-1", PLAIN.cut(2000),
         "TRX004@0x4 TRX005@0x8 PAY002@0x7d0", NO_BOARD, "peers 11"),
    Case("truncated/behind-header", PLAIN.cut(28), "TRX004@0x4 TRX005@0x8", NO_BOARD, "peers 11"),
    Case("odd-length/by-four", PLAIN.append(bytes(4)).length(len(PLAIN.data) + 4),
         "TRX018@0x4", NO_BOARD),
    Case("odd-length/contents-only", PLAIN.length(PLAIN.word(20) + 3000), "TRX018@0x4", NO_BOARD),
    Case("odd-length/512", trx([(28, packed(kernel(400)))], length=1024), "TRX018@0x4", NO_BOARD),

    Case("crc/zlib", SOUND.put32(8, ~jamcrc(SOUND.data[12:LENGTH]) & 0xFFFFFFFF),
         "TRX005@0x8", peer="otrx check: standard zlib CRC"),
    Case("crc/whole-file", SOUND.put32(8, jamcrc(SOUND.data[:LENGTH])), "TRX005@0x8"),
    Case("crc/zero", SOUND.put32(8, 0), "TRX005@0x8"),
    Case("one-bit/padding", SOUND.flip(LENGTH - 1, 0), "TRX005@0x8 PAY010@0x21fff"),
    Case("one-bit/offset", SOUND.flip(0x16, 6), "TRX005@0x8 TRX012@0x14 PAY010@0x20000",
         peer="otrx check: one bit in offsets"),
    Case("one-bit/squashfs", SOUND.flip(0x20100, 3), "TRX005@0x8",
         peer="otrx check: one bit in data"),

    Case("flags/no-header", SOUND.put16(12, 1).seal(), "TRX006@0xc",
         peer="otrx check: no header flag"),
    Case("flags/all", SOUND.put16(12, 0xFFFF).seal(), "TRX006@0xc TRX006@0xc TRX007@0xc",
         peer="otrx check: flags 0xFFFF"),
    Case("flags/gzip", SOUND.put16(12, 2).seal(), "TRX007@0xc"),
    Case("version/0", SOUND.put16(14, 0).seal(), "TRX008@0xe", peer="otrx check: version 0"),
    Case("version/the-board-takes-2", SOUND, "TRX009@0xe", VERSION_2_BOARD),
    Case("version/7", SOUND.put16(14, 7).seal(), "TRX008@0xe", peer="otrx check: version 7"),

    Case("behind/text", SOUND.append(b"signed-by: somebody\n"), "TRX017@0x40004",
         peer="otrx check: trailing garbage"),
    Case("behind/second-image", PLAIN.append(PLAIN.data), "TRX017@0x3000", NO_BOARD),
    Case("behind/odd-marker", PLAIN.append(bytes(100) + MARKER), "TRX017@0x3064", NO_BOARD),
]
