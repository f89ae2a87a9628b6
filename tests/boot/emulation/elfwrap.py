# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Raw code as an ELF at its load address.

QEMU's -kernel takes ELF files only. CFE jumps to the first byte of what it unpacked, so that byte is
the entry point here (BOOT_RAW in linux arch/mips/Kconfig puts a jump there).
"""

import struct

ELF_HEADER = struct.Struct("<4sBBBBB7xHHIIIIIHHHHHH")
PROGRAM_HEADER = struct.Struct("<IIIIIIII")
CODE_OFFSET = 0x1000
EM_MIPS = 8
FLAGS_O32_MIPS32R2 = 0x70001000


def wrap(code: bytes, address: int, entry: int | None = None) -> bytes:
    """An executable with one loadable segment: `code` at `address`, started there or at `entry`."""
    header = ELF_HEADER.pack(
        b"\x7fELF", 1, 1, 1, 0, 0,  # 32 bit, little endian
        2, EM_MIPS, 1, address if entry is None else entry,
        ELF_HEADER.size, 0, FLAGS_O32_MIPS32R2,
        ELF_HEADER.size, PROGRAM_HEADER.size, 1, 0, 0, 0,
    )
    segment = PROGRAM_HEADER.pack(
        1, CODE_OFFSET, address, address, len(code), len(code), 7, CODE_OFFSET
    )
    return (header + segment).ljust(CODE_OFFSET, b"\0") + code
