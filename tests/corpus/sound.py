# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Sound images, on which nothing may be found: what the others were made of, and edges that are
still inside."""

from case import LZMA_BOARD, NO_BOARD, Case
from images import (F7D7301, HDR0, MARKER, belkin, filler, kernel, lzma_alone, packed, plain, squashfs,
                    trx, version2)
from loaders import foreign_loader, loader_part
from loading import KERNEL, OPENWRT, RUNS_AT, WINDOW
from payloads import raw_of
from payloads import WINDOW as RAM_WINDOW

CASES = [
    Case("sound/belkin", belkin(), ""),
    Case("sound/belkin-without-board", belkin(), "", NO_BOARD, "peers 9"),
    Case("sound/version-2", version2(), "", NO_BOARD, "peers 4"),
    Case("sound/loader", belkin(part1=packed(loader_part(raw=kernel(text=b"flash-init: ")))), ""),
    Case("sound/foreign-loader", plain(OPENWRT, KERNEL, squashfs()), "", NO_BOARD),
    Case("sound/loader-of-this-magic",
         plain(foreign_loader(HDR0, F7D7301, WINDOW), KERNEL, magic=F7D7301), "", NO_BOARD),
    Case("sound/marker-inside-padding",
         plain(packed(kernel()), filler(3000, 5)).append(bytes(4096) + MARKER), "", NO_BOARD),
    Case("sound/largest-unpacked", lambda: belkin(
        part1=packed(raw_of(RAM_WINDOW - 16) + b"flash-init: \0\0\0\0")), ""),
    Case("sound/largest-image", lambda: belkin(root=squashfs(0x700000, b"\0")), ""),
    Case("sound/largest-dictionary",
         plain(lzma_alone(kernel(), dictionary=64 << 20)), "", NO_BOARD),
    Case("sound/lzma-for-cfe", belkin(part1=lzma_alone(kernel(text=b"flash-init: "))), "",
         LZMA_BOARD),
    Case("sound/gzip-and-zero-byte", plain(packed(kernel()) + b"\0", filler(100)), "", NO_BOARD),
]
