# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Plays what Broadcom's CFE does between power-on and the first instruction of the kernel.

The rules are those of CFE's ui_bcm947xx.c (check_trx, and the load of flash0.os): 28 header bytes,
the board's magic, the CRC from byte 12 to the end of `length`, then whatever follows the header,
unpacked to the load address, below CFE itself. CFE looks at no version, no flags and no offsets, so
neither does this. What real CFE would not start is refused here too, before any emulator runs.
"""

import lzma
import struct
import zlib

from .board import Board

HEADER_SIZE = 28
CRC_START = 12


class Refused(Exception):
    """CFE would not start this flash; the text is the reason."""


def checksum(data: bytes) -> int:
    """CRC-32 without its final complement, as the TRX header carries it."""
    return ~zlib.crc32(data) & 0xFFFFFFFF


def verified_image(chip: bytes, board: Board) -> bytes:
    """The TRX in the flash, as long as its header says, once magic and CRC are right."""
    partition = chip[board.firmware_offset : len(chip) - board.nvram_space]
    magic, length, crc = struct.unpack_from("<III", partition)
    if magic != board.magic:
        raise Refused(f"bad magic: expected {board.magic:08x}, found {magic:08x}")
    if not HEADER_SIZE <= length <= len(partition):
        raise Refused(f"cannot read {length} bytes of image")
    found = checksum(partition[CRC_START:length])
    if found != crc:
        raise Refused(f"bad CRC: header says {crc:08x}, image has {found:08x}")
    return partition[:length]


def unpacked(data: bytes, limit: int) -> bytes:
    """One gzip member or LZMA-alone stream at the start of `data`; what follows it is not read."""
    try:
        if data[:3] == b"\x1f\x8b\x08":
            decoder = zlib.decompressobj(wbits=31)
            result = decoder.decompress(data, limit + 1)
            whole = decoder.eof
        else:
            decoder = lzma.LZMADecompressor(lzma.FORMAT_ALONE)
            result = decoder.decompress(data, limit + 1)
            whole = decoder.eof
    except (zlib.error, lzma.LZMAError) as error:
        raise Refused(f"cannot unpack what follows the header: {error}") from error
    if len(result) > limit:
        raise Refused(f"unpacks to more than the {limit} bytes below the boot loader")
    if not whole:
        raise Refused("what follows the header ends inside its compressed data")
    return result


def start(chip: bytes, board: Board) -> bytes:
    """The bytes that CFE would jump to, at board.load_address."""
    image = verified_image(chip, board)
    return unpacked(image[HEADER_SIZE:], board.load_limit - board.load_address)
