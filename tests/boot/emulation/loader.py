# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Unpacked part 1 with trxkit's loader, taken apart and changed, and the mini-CFE that starts it.

Layout: stub | LZMA-alone stream; the header is part of the stub (loader/header.h).
"""

import struct
import zlib
from dataclasses import astuple, dataclass, replace
from pathlib import Path

from . import elfwrap, programs

MAGIC = 0x4C585254
HEADER_OFFSET = 16
FIELDS = struct.Struct("<21I")
CONSOLE_CRC_AT = 28
CFE_ADDRESS = 0x80700000


@dataclass(frozen=True)
class Header:
    """The fields in their order. Addresses in KSEG0, registers of devices physical."""

    magic: int
    version: int
    uart_base: int
    uart_spacing: int
    reset_register: int
    reset_value: int
    count_rate: int
    console_crc: int
    stub_size: int
    run_address: int
    run_end: int
    ram_size: int
    load_address: int
    entry: int
    memory_size: int
    payload_size: int
    payload_crc: int
    result_size: int
    result_crc: int
    stub_crc: int
    crc: int

    def pack(self) -> bytes:
        """With the right CRCs of its own."""
        words = list(astuple(self))
        words[7] = zlib.crc32(FIELDS.pack(*words)[:CONSOLE_CRC_AT])
        words[20] = zlib.crc32(FIELDS.pack(*words)[:-4])
        return FIELDS.pack(*words)

    @staticmethod
    def unpack(part: bytes) -> "Header":
        return Header(*FIELDS.unpack_from(part, HEADER_OFFSET))


def with_header(part: bytes, **changes) -> bytes:
    """`part` with some fields changed and the header's CRCs right again."""
    header = replace(Header.unpack(part), **changes).pack()
    return part[:HEADER_OFFSET] + header + part[HEADER_OFFSET + FIELDS.size :]


def mini_cfe(part: bytes, address: int, folder: Path, arguments: tuple = ()) -> bytes:
    """An ELF file for QEMU's -kernel that starts `part` at `address` as CFE would.

    `arguments` are $a0 to $a3; none: those that QEMU gives.
    """
    code = bytearray(programs.raw(programs.build("mini_cfe", CFE_ADDRESS, folder)))
    place = CFE_ADDRESS + len(code)
    fields = struct.pack("<4I", place, len(part), address, int(bool(arguments)))
    struct.pack_into("<32s", code, 8, fields + struct.pack("<4I", *(arguments or (0, 0, 0, 0))))
    return elfwrap.wrap(bytes(code) + part + bytes(-len(part) % 4), CFE_ADDRESS)
