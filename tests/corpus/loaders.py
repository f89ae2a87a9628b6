# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Loaders for part 1: trxkit's, by the fields of loader/README.md, and code like OpenWrt's."""

import struct
import zlib

from images import LOAD, filler, kernel, packed, padded
from lzma_literals import lzma_literals

HEADER_AT, STUB_SIZE = 16, 256
FIELDS = ("magic version uart_base uart_spacing reset_register reset_value count_rate console_crc "
          "stub_size run_address run_end ram_size load_address entry memory_size payload_size "
          "payload_crc result_size result_crc stub_crc crc").split()


def loader_part(raw=None, payload=None, stub=None, late=None, **changes):
    """Stub and LZMA kernel, unpacked. `changes` are header fields before its checksums are made,
    `late` after that."""
    raw = kernel() if raw is None else raw
    if payload is None:
        payload = lzma_literals(raw, lc=1, lp=2, dictionary=1 << 22)
    code = struct.pack("<I", 0x08000440) + bytes(12) if stub is None else stub
    rest = filler(STUB_SIZE - HEADER_AT - 4 * len(FIELDS), 7)
    fields = dict(
        magic=0x4C585254, version=1, uart_base=0x18000300, uart_spacing=1,
        reset_register=0x18000634, reset_value=2, count_rate=226500000, stub_size=STUB_SIZE,
        run_address=0x83F00000, run_end=0x84000000, ram_size=0x4000000, load_address=LOAD,
        entry=LOAD, memory_size=len(raw) + 4096, payload_size=len(payload),
        payload_crc=zlib.crc32(payload), result_size=len(raw), result_crc=zlib.crc32(raw),
        stub_crc=zlib.crc32(code + rest))
    fields.update(changes)
    fields.setdefault("console_crc", zlib.crc32(words(fields, FIELDS[:7])))
    fields.setdefault("crc", zlib.crc32(words(fields, FIELDS[:20])))
    fields.update(late or {})
    return code + words(fields, FIELDS) + rest + payload


def words(fields, names):
    return b"".join(struct.pack("<I", fields[name] & 0xFFFFFFFF) for name in names)


def constant(value, register=2):
    """lui and ori: how compilers put a constant together."""
    return struct.pack("<II", 0x3C000000 | register << 16 | value >> 16,
                       0x34000000 | register << 21 | register << 16 | value & 0xFFFF)


def foreign_code(*constants, size=4096):
    """Code that names `constants`, ending in a loop."""
    code = b"".join(constant(value, 2 + number % 8) for number, value in enumerate(constants))
    return padded(code + struct.pack("<II", 0x1000FFFF, 0), size)


def foreign_loader(*constants):
    return packed(foreign_code(*constants)) + b"\0"
