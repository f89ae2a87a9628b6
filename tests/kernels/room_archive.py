#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Writes a newc cpio that makes room in a kernel: an /init and noise that no compressor shrinks."""

import hashlib
import sys

SIZE = 3 << 19


def entry(number: int, name: str, mode: int, contents: bytes, device=(0, 0)) -> bytes:
    """linux Documentation/driver-api/early-userspace/buffer-format.rst"""
    fields = [number, mode, 0, 0, 1, 0, len(contents), 0, 0, *device, len(name) + 1, 0]
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0"
    return head + bytes(-len(head) % 4) + contents + bytes(-len(contents) % 4)


def noise(size: int) -> bytes:
    blocks = (hashlib.sha256(b"%d" % block).digest() for block in range(size // 32))
    return b"".join(blocks)


def main():
    with open(sys.argv[1], "wb") as out:
        out.write(entry(1, "init", 0o100755, b"#!/bin/sh\n"))
        out.write(entry(2, "noise", 0o100644, noise(SIZE)))
        out.write(entry(0, "TRAILER!!!", 0, b""))


if __name__ == "__main__":
    main()
