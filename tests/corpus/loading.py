# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Loaders in part 1: trxkit's with its kernel, and those of others."""

import struct

from case import BOARD, NO_BOARD, Case
from images import F7D7301, HDR0, Image, belkin, filler, kernel, lzma_alone, packed, plain, trx
from loaders import constant, foreign_code, foreign_loader, loader_part
from lzma_literals import lzma_literals
from payloads import elf

RAW = kernel(text=b"flash-init: ")
WINDOW, WHOLE, RUNS_AT = 0xBFC00000, 0xBC000000, 0x80D00000
OPENWRT = foreign_loader(HDR0, WINDOW, RUNS_AT)
KERNEL = lzma_alone(RAW, lc=1, lp=2, size="unknown", dictionary=1 << 23)
MALTA = ("--board", "qemu-malta")


def ours(**changes):
    return belkin(part1=packed(loader_part(raw=RAW, **changes)))


def late(**fields):
    return ours(late=fields)


def foreign(*contents, magic=HDR0):
    return plain(*contents, magic=magic)


def far_kernel():
    """The kernel ends behind the first 4 MiB of the flash."""
    return trx([(28, OPENWRT), (8192, lzma_alone(filler(0x3E0000, 9)))], magic=F7D7301)


CASES = [
    Case("loader-header/console-crc", late(console_crc=1), "PAY015@0x1c PAY015@0x1c"),
    Case("loader-header/crc", late(crc=1), "PAY015@0x1c"),
    Case("loader-header/code", ours(stub_crc=1), "PAY015@0x1c"),
    Case("loader-payload/crc", ours(payload_crc=1), "PAY016@0x1c"),
    Case("loader-payload/size", ours(payload_size=999), "PAY016@0x1c"),
    Case("loader-payload/kernel-crc", ours(result_crc=1), "PAY016@0x1c"),
    Case("loader-lzma/kernel-size", ours(result_size=len(RAW) - 1), "PAY016@0x1c"),
    Case("loader-lzma/end-marker",
         ours(payload=lzma_alone(RAW, lc=1, lp=2, size="unknown")), "PAY016@0x1c"),
    Case("loader-lzma/damaged", ours(payload=lzma_literals(RAW, lc=1, lp=2)[:2000]), "PAY016@0x1c"),
    Case("loader-stream/size-and-end-marker", ours(payload=lzma_alone(RAW, lc=1, lp=2)),
         "PAY016@0x1c"),
    Case("loader-memory/kernel-too-large", ours(memory_size=0x3F00000), "PAY017@0x1c"),
    Case("loader-memory/no-room", ours(run_address=0x83FFF000), "PAY017@0x1c"),
    Case("loader-memory/contradiction", ours(memory_size=100), "PAY017@0x1c"),
    Case("loader-board/ram", ours(ram_size=0x5000000), "PAY018@0x1c"),
    Case("loader-board/uart", ours(uart_base=0x18000400), "PAY018@0x1c"),
    Case("loader-board/reset", ours(reset_register=0x18000080), "PAY018@0x1c"),
    Case("loader-kernel/elf",
         belkin(part1=packed(loader_part(raw=elf() + RAW))), "PAY014@0x1c"),
    Case("no-loader/wrong-address", belkin(), "PAY013@0x1c", MALTA),

    Case("foreign-loader/other-magic", foreign(OPENWRT, KERNEL, magic=F7D7301), "PAY020@0x1c",
         NO_BOARD, "OpenWrt's lzma-loader in a Belkin image"),
    Case("foreign-loader/no-kernel", foreign(OPENWRT), "PAY026@0x1c", NO_BOARD),
    Case("foreign-loader/gzip-kernel", foreign(OPENWRT, packed(RAW)), "PAY026@0x1c", NO_BOARD),
    Case("foreign-kernel/too-far-away",
         trx([(28, OPENWRT), (0x20000, KERNEL)], magic=HDR0), "PAY022@0x20000", NO_BOARD),
    Case("foreign-kernel/behind-window", far_kernel, "PAY020@0x1c PAY021@0x2000"),
    Case("foreign-kernel/over-loader",
         lambda: foreign(OPENWRT, lzma_alone(RAW + bytes(0xCFF001 - len(RAW)))), "PAY023@0x68",
         NO_BOARD),
    Case("foreign-elf/mips", foreign(OPENWRT, lzma_alone(elf())), "PAY014@0x68", NO_BOARD),
]
