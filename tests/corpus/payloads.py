# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Part 1 and other packed payloads: complete, right, and something that a boot loader starts."""

import gzip
import lzma
import struct
import zlib

from case import BOARD, LZMA_BOARD, NO_BOARD, Case
from images import (F7D7301, HEADER, Image, belkin, filler, kernel, lzma_alone, packed, padded,
                    plain, squashfs, trx)

RAW = kernel()
RAW_BY_NAME = kernel(text=b"flash-init: ")
MEMBER = packed(RAW)
WINDOW = 0x6FF000  # between load address and boot loader of an F7D7301
STREAM = lzma_alone(RAW)


def with_part1(part1):
    return belkin(part1=part1)


def changed(offset, new):
    """The packed kernel with other bytes at `offset` (negative: from its end)."""
    at = offset % len(MEMBER)
    return with_part1(MEMBER[:at] + new + MEMBER[at + len(new):])


def deflate_damaged():
    """A block of the reserved type 3 (RFC 1951, 3.2.3)."""
    return with_part1(MEMBER[:10] + b"\x07" + MEMBER[11:])


def elf(bits=1, order=1, machine=8):
    ident = b"\x7fELF" + bytes([bits, order, 1]) + bytes(9)
    return ident + struct.pack("<HHI" if order == 1 else ">HHI", 2, machine, 1) + RAW


def raw_of(size):
    return kernel() + bytes(size - len(kernel()))


def lzma_part(stream, *others):
    return plain(stream, *others)


def bomb():
    """256 MiB and a byte of nothing in some 260 KiB."""
    return plain(gzip.compress(bytes((256 << 20) + 1), 6, mtime=0))


CASES = [
    Case("gzip-end/crc", changed(-8, b"\0\0\0\0"), "PAY002@0x178a"),
    Case("gzip-end/size", changed(-4, b"\0\0\0\0"), "PAY002@0x178e"),
    Case("gzip-end/cut", with_part1(MEMBER[:-9]), "PAY002@0x20000"),
    Case("gzip-data/bit", changed(3000, b"\x55\xaa"), "PAY002@0x178a"),
    Case("gzip-data/reserved-block", deflate_damaged, "PAY002@0x27"),
    Case("gzip-data/header-only", plain(MEMBER[:10]), "PAY002@0x2b", NO_BOARD),
    Case("gzip-header/reserved-flags", changed(3, b"\xe0"), "PAY002@0x20"),
    Case("gzip-header/method", changed(2, b"\x07"), "PAY002@0x20"),
    Case("gzip-behind/text", with_part1(MEMBER + b"left over"), "PAY010@0x178e"),
    Case("gzip-behind/second-member", with_part1(MEMBER + MEMBER), "PAY010@0x178e"),
    Case("gzip-behind/far", belkin().put(0x10003, b"x").seal(), "PAY010@0x10003"),

    Case("part-1/text", with_part1(b"#!/bin/sh\necho this is no kernel\n" * 9), "PAY001@0x1c"),
    Case("part-1/squashfs", plain(squashfs(), MEMBER), "PAY001@0x1c", NO_BOARD),
    Case("part-1/zeros", with_part1(bytes(4000)), "PAY001@0x1c"),
    Case("part-1-kind/lzma", with_part1(STREAM), "PAY009@0x1c"),
    Case("part-1-kind/raw", with_part1(RAW), "PAY009@0x1c"),
    Case("part-1-kind/elf", with_part1(elf()), "PAY001@0x1c"),
    Case("unpacked/elf", with_part1(packed(elf())), "PAY014@0x1c"),
    Case("unpacked/gzip", with_part1(packed(MEMBER)), "PAY001@0x1c"),
    Case("unpacked/nothing", with_part1(packed(b"")), "PAY001@0x1c"),
    Case("unpacked-data/squashfs", with_part1(packed(squashfs())), "PAY001@0x1c"),
    Case("unpacked-data/jffs2", with_part1(packed(b"\x85\x19\x03\x20" + bytes(4000))),
         "PAY001@0x1c"),
    Case("processor/x86-64", with_part1(packed(elf(2, 1, 62))), "PAY014@0x1c PAY024@0x1c"),
    Case("processor/big-endian", with_part1(packed(elf(1, 2, 8))), "PAY014@0x1c PAY024@0x1c"),
    Case("processor/64-bit", with_part1(packed(elf(2, 1, 8))), "PAY014@0x1c PAY024@0x1c"),
    Case("unpacked-size/one-too-many", lambda: with_part1(packed(raw_of(WINDOW + 1))),
         "PAY006@0x1c"),
    Case("unpacked-size/bomb", bomb, "PAY006@0x1c", NO_BOARD),
    Case("no-kernel/loader-code", with_part1(packed(struct.pack("<I", 0x3C028000) * 900)),
         "PAY012@0x1c:note"),

    Case("lzma-for-cfe/parameters", with_part1(lzma_alone(RAW_BY_NAME, lc=1, lp=2)), "PAY011@0x1c",
         LZMA_BOARD),
    Case("lzma-for-cfe/dictionary", with_part1(lzma_alone(RAW_BY_NAME, dictionary=1 << 20)),
         "PAY011@0x1c", LZMA_BOARD),
    Case("lzma-for-cfe/size-unknown", with_part1(lzma_alone(RAW_BY_NAME, size="unknown")),
         "PAY011@0x1c", LZMA_BOARD),
    Case("dictionary/96-mib", lzma_part(lzma_alone(RAW, dictionary=96 << 20)), "PAY004@0x1c",
         NO_BOARD),
    Case("dictionary/128-mib", lzma_part(lzma_alone(RAW, dictionary=128 << 20)), "PAY004@0x1c",
         NO_BOARD),
    Case("dictionary/4-gib", lzma_part(lzma_alone(RAW, dictionary=0xFFFFFFFF)), "PAY004@0x1c",
         NO_BOARD),
    Case("lzma-data/cut", lzma_part(STREAM[:3000]), "PAY005@0xc95", NO_BOARD),
    Case("lzma-data/bit", lzma_part(STREAM[:700] + b"\x00\xff" + STREAM[702:]), "PAY005@0x325", NO_BOARD),
    Case("lzma-data/no-end-marker", lzma_part(lzma_alone(RAW, size="unknown")[:-6]), "PAY005@0x17af",
         NO_BOARD),
    Case("lzma-size/one-more", lzma_part(lzma_alone(RAW, size=len(RAW) + 1)), "PAY005@0x17af", NO_BOARD),
    Case("lzma-size/one-less", lzma_part(lzma_alone(RAW, size=len(RAW) - 1)), "PAY005@0x17a9", NO_BOARD),
    Case("lzma-size/too-large", lzma_part(lzma_alone(RAW, size=1 << 33)), "PAY001@0x1c", NO_BOARD),
    Case("lzma-behind/text", lzma_part(STREAM + b"more"), "PAY010@0x17af", NO_BOARD),
    Case("lzma-behind/in-part-2", plain(packed(RAW), STREAM + b"more", filler(100)), "PAY010@0x2f23",
         NO_BOARD),
]
