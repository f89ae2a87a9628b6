# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""The root file system: its superblock, its size, its place in the flash, and the kernel's way to
it."""

import struct

from case import BOARD, NO_BOARD, Case
from images import HDR0, ROOT, Image, belkin, filler, kernel, packed, squashfs, trx, with_markers

SOUND = belkin()


def changed(offset, value, size=4):
    """The superblock's field at `offset`."""
    put = {2: SOUND.put16, 4: SOUND.put32, 8: SOUND.put64}[size]
    return put(ROOT + offset, value).seal()


def moved(place):
    return belkin(at=place)


def large(image_end):
    """An image whose squashfs ends there, without markers."""
    return lambda: trx([(28, packed(kernel(text=b"flash-init: "))),
                        (ROOT, squashfs(image_end - ROOT, b"\0"))])


def told(command_line):
    """With a kernel that has this built-in command line and no flash-init."""
    return belkin(text=command_line.encode())


def with_decoy(offset, word):
    """Another mark at the start of an erase block, in the padding before the squashfs."""
    root = squashfs()
    image = trx([(28, packed(kernel(text=b"flash-init: "))), (0x40000, root)])
    image = image.put32(offset, word).put32(offset + 4, 0x100000).seal()
    return with_markers(image, 0x40000 + len(root))


CASES = [
    Case("superblock/version-3", changed(28, 3, 2), "PAY007@0x20000"),
    Case("superblock/block-size-0", changed(12, 0), "PAY007@0x20000"),
    Case("superblock/block-log", changed(22, 16, 2), "PAY007@0x20000"),
    Case("superblock-counts/inodes", changed(4, 0), "PAY007@0x20000"),
    Case("superblock-counts/owners", changed(26, 0, 2), "PAY007@0x20000"),
    Case("superblock-counts/compression", changed(20, 9, 2), "PAY007@0x20000"),
    Case("superblock-tables/outside", changed(48, 5001, 8), "PAY007@0x20000"),
    Case("superblock-tables/in-superblock", changed(64, 40, 8), "PAY007@0x20000"),
    Case("superblock-tables/order", changed(64, 1300, 8), "PAY007@0x20000"),
    Case("superblock-root/outside", changed(32, 0x1000 << 16, 8), "PAY007@0x20000"),
    Case("superblock-root/offset", changed(32, 8193, 8), "PAY007@0x20000"),
    Case("superblock-root/fragments", changed(80, 300, 8), "PAY007@0x20000"),
    Case("superblock-kind/big-endian", changed(0, 0x68737173),
         "PAY007@0x20000 MAP015 MAP015"),
    Case("superblock-kind/lzma", changed(20, 2, 2), "PAY025@0x20000"),
    Case("superblock-kind/block-2-mib", SOUND.put32(ROOT + 12, 1 << 21).put16(ROOT + 22, 21).seal(),
         "PAY007@0x20000"),
    Case("root-size/0", changed(40, 0, 8), "PAY007@0x20000"),
    Case("root-size/larger-than-part", changed(40, 0x2001, 8), "PAY008@0x20000"),
    Case("root-size/2^63", changed(40, 1 << 63, 8), "PAY008@0x20000"),
    Case("root-cut/50-bytes", trx([(28, packed(kernel())), (ROOT, squashfs()[:50])],
                                  length=ROOT + 50), "PAY008@0x20000 TRX018@0x4"),
    Case("root-cut/half", trx([(28, packed(kernel())), (ROOT, squashfs(9000)[:4096])]),
         "PAY008@0x20000"),
    Case("root-behind/text", SOUND.put(0x21500, b"text").seal(), "PAY010@0x21500"),

    Case("root-missing/for-flash-init", trx([(28, packed(kernel(text=b"flash-init: ")))]), "FSR081"),
    Case("root-missing/second-stage",
         trx([(28, packed(kernel(text=b"flash-init: \0usbboot-second-stage: 1")))]), "FSR080:note"),

    Case("root-place/512", moved(0x20200), "MAP003@0x20200 MAP015 MAP015"),
    Case("root-place/4-kib", moved(0x21000), "MAP003@0x21000 MAP015 MAP015"),
    Case("root-place/64-kib", moved(0x30000), "MAP004@0x30000"),
    Case("too-big/12-mib", large(12 << 20), "MAP001@0x0",
         peer="otrx check: 12 MiB image"),
    Case("too-big/nvram-block", large(0x7C1000), "MAP002@0x0"),
    Case("little-room/four-blocks", large(0x7A0000), "MAP008@0x7a0000"),
    Case("covered/marker-inside", SOUND.length(0x31000),
         "MAP005@0x4", peer="OpenWrt's fs_mark lies inside length"),

    Case("markers/none", SOUND.cut(SOUND.word(4)), "MAP006@0x21388:note"),
    Case("markers/for-64-kib-only", SOUND.cut(0x30004), "MAP007@0x30000"),
    Case("markers/behind-squashfs", SOUND.cut(SOUND.word(4)).append(b"\xde\xad\xc0\xde"),
         "MAP007@0x22000"),

    Case("root=/wrong-number", told("root=/dev/mtdblock7 console=ttyS0"), "MAP012"),
    Case("root=/depends", told("root=/dev/mtdblock1 console=ttyS0"), "MAP013"),
    Case("root=/missing", told("console=ttyS0,115200"), "MAP014"),
    Case("decoy/squashfs", with_decoy(0x20000, 0x73717368), "MAP015 PAY010@0x20000"),
    Case("decoy/hdr0", with_decoy(0x20000, HDR0), "MAP015 MAP015 PAY010@0x20000"),
    Case("decoy/squashfs-swapped", with_decoy(0x20000, 0x71736873),
         "MAP015 PAY010@0x20000"),
]
