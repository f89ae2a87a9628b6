# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""What command tests share: small kernels, nvram, checksums written from their definitions. Nothing
here shares a line with the programs under test."""

import struct

EM_MIPS, EM_X86_64 = 8, 62


def elf(machine=EM_MIPS, order="<", load=0x80001000, size=4096):
    """A small ELF32 executable with one PT_LOAD, in the byte order `order`."""
    ident = b"\x7fELF\x01" + (b"\x01" if order == "<" else b"\x02") + b"\x01" + bytes(9)
    header = struct.pack(order + "HHIIIIIHHHHHH", 2, machine, 1, load, 52, 0, 0x70001001, 52, 32,
                         1, 40, 0, 0)
    program = struct.pack(order + "8I", 1, 0x1000, load, load, size, size, 7, 0x1000)
    text = (b"Linux version 6.1.0 (trxkit) bcm47xx console=ttyS0\0").ljust(size, b"\x01")[:size]
    return (ident + header + program).ljust(0x1000, b"\0") + text


def crc_bits(data, crc, polynomial):
    """A reflected CRC, bit by bit, without a final complement."""
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (polynomial if crc & 1 else 0)
    return crc


def jamcrc(data):
    """The CRC of TRX headers."""
    return crc_bits(data, 0xFFFFFFFF, 0xEDB88320)


def crc8(data):
    """The CRC of nvram headers."""
    return crc_bits(data, 0xFF, 0xAB)


def nvram(settings, room=None, length=None):
    """nvram of `settings` (a list of bytes like b"name=value"), in `room` bytes if that is given.
    `length` replaces the right one."""
    text = b"".join(setting + b"\0" for setting in settings) + b"\0"
    text += bytes(-len(text) % 4)
    if length is None:
        length = 20 + len(text)
    covered = struct.pack("<BHHHI", 1, 0x1234, 0x5678, 0x9ABC, 0x11223344) + text
    data = struct.pack("<4sIB", b"FLSH", length, crc8(covered[: max(length - 9, 0)])) + covered
    return data if room is None else data.ljust(room, b"\xff")


def settings_of(data):
    """The settings of nvram at the start of `data`, after its checks."""
    magic, length, crc, version = struct.unpack_from("<4sIBB", data)
    assert (magic, version) == (b"FLSH", 1), data[:16]
    assert crc == crc8(data[9:length]), "CRC-8"
    assert length % 4 == 0 and 20 < length <= len(data), length
    text, _, rest = data[20:length].partition(b"\0\0")
    assert not rest.strip(b"\0"), "bytes behind the settings"
    return [setting for setting in text.split(b"\0") if setting]


def cfe(size=0x20000, defaults=(b"lan_ipaddr=192.168.2.1", b"boot_wait=on")):
    """Something like a boot loader: code, CFE's mark, and defaults inside it."""
    data = bytearray(b"\x00\x00\x00\x10" * (size // 4))
    if defaults is not None:
        embedded = nvram(list(defaults))
        data[0x400 : 0x400 + len(embedded)] = embedded
    data[0x4E0:0x4E8] = struct.pack("<II", 0x43464531, 0x43464531)
    return bytes(data)
