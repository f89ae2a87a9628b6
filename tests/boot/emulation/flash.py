# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""The whole flash chip: erased, with a stand-in for CFE, the TRX and an nvram block.

It also says how the kernel sees the chip, by the rules of linux drivers/mtd/parsers/bcm47xxpart.c:
each partition runs to the start of the next, a squashfs at an erase block is "rootfs".
"""

import hashlib
import struct
from pathlib import Path

from .board import Board

NVRAM_HEADER = struct.Struct("<IIIII")
NVRAM_SETTINGS = b"boardtype=0xa4cf\0boot_wait=off\0lan_ipaddr=192.168.2.1\0\0"


def crc8(data: bytes) -> int:
    """CRC-8 of the nvram: polynomial 0xAB reflected, initial 0xFF (OpenWrt package nvram)."""
    register = 0xFF
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = (register >> 1) ^ (0xAB if register & 1 else 0)
    return register


def nvram_block() -> bytes:
    """A small valid nvram, header and settings."""
    data = NVRAM_SETTINGS + bytes(-len(NVRAM_SETTINGS) % 4)
    length = NVRAM_HEADER.size + len(data)
    plain = NVRAM_HEADER.pack(0x48534C46, length, 1 << 8, 0, 0)
    crc = crc8(plain[9:] + data)
    return NVRAM_HEADER.pack(0x48534C46, length, 1 << 8 | crc, 0, 0) + data


def compose(trx: bytes, board: Board) -> bytes:
    """The chip as it would be after flashing `trx`."""
    room = board.nvram_offset - board.firmware_offset
    if len(trx) > room:
        raise ValueError(f"TRX of {len(trx)} bytes, {room} bytes before the nvram block")
    chip = bytearray(b"\xff" * board.flash_size)
    chip[0:64] = b"stand-in for CFE: never run, never to change".ljust(64)
    chip[board.firmware_offset : board.firmware_offset + len(trx)] = trx
    nvram = nvram_block()
    start = board.flash_size - board.nvram_space
    chip[start : start + len(nvram)] = nvram
    return bytes(chip)


def has_rootfs(chip: bytes, board: Board) -> bool:
    """Whether the TRX has more parts than its kernel."""
    return struct.unpack_from("<I", chip, board.firmware_offset + 20)[0] != 0


def rootfs_offset(chip: bytes, board: Board) -> int:
    """Where the squashfs starts: the last part that the TRX header names."""
    offsets = struct.unpack_from("<III", chip, board.firmware_offset + 16)
    start = board.firmware_offset + max(offsets)
    if chip[start : start + 4] != b"hsqs":
        raise ValueError(f"no squashfs at the last part, flash offset {start:#x}")
    return start


def partitions(chip: bytes, board: Board) -> list[tuple[str, int]]:
    """Names and sizes in order, as a mainline kernel would cut this chip."""
    starts = [("boot", 0), ("linux", board.firmware_offset), ("nvram", board.nvram_offset)]
    if has_rootfs(chip, board):
        starts.insert(2, ("rootfs", rootfs_offset(chip, board)))
    ends = [start for _, start in starts[1:]] + [board.flash_size]
    return [(name, end - start) for (name, start), end in zip(starts, ends, strict=True)]


def blkdevparts(chip: bytes, board: Board, device: str = "vda") -> str:
    """The kernel option that cuts the disk playing the chip (linux block/partitions/cmdline.c)."""
    parts = ",".join(f"{size}({name})" for name, size in partitions(chip, board))
    return f"blkdevparts={device}:{parts}"


def sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
