# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""TRX images and the containers of vendors, built and taken apart from the tables of FORMAT.md,
sharing no line with the programs under test."""

import gzip
import struct
import zlib

HDR0 = 0x30524448
BELKIN = 0x20100322


def jamcrc(data):
    return zlib.crc32(data) ^ 0xFFFFFFFF


def trx(parts, magic=HDR0, version=1, align=1, tail=b"", size=None):
    """`parts`: contents, None for an absent one. `align`: of all parts but the first. `tail`: the
    last bytes inside length."""
    fields = 4 if version == 2 else 3
    body, offsets = b"", []
    start = 16 + 4 * fields
    for number, part in enumerate(parts):
        if part is None:
            offsets.append(0)
            continue
        step = align if number else 4
        body += bytes(-(start + len(body)) % max(step, 4))
        offsets.append(start + len(body))
        body += part
    length = size or -(-(start + len(body) + len(tail)) // 4096) * 4096
    body = body.ljust(length - start - len(tail), b"\0") + tail
    offsets += [0] * (fields - len(offsets))
    head = struct.pack("<HH", 0, version) + struct.pack(f"<{fields}I", *offsets)
    image = struct.pack("<III", magic, length, 0) + head + body
    return seal(image)


def seal(image):
    """With the CRC of its bytes; eight bytes of version 2's part 4 count as 0xFF."""
    length, version = struct.unpack_from("<I", image, 4)[0], struct.unpack_from("<H", image, 14)[0]
    covered = bytearray(image[:length])
    fourth = struct.unpack_from("<I", image, 28)[0] if version == 2 else 0
    if fourth:
        covered[fourth + 22 : fourth + 30] = b"\xff" * 8
    return image[:8] + struct.pack("<I", jamcrc(bytes(covered[12:]))) + image[12:]


def kernel():
    return gzip.compress(b"\x00\x00\x1a\x3c" + b"Linux version 6.1.0 (x) \n\0" * 40, mtime=0)


def sound_trx(**changes):
    return trx([kernel(), b"second part " * 200, b"third part " * 300], **changes)


def cybertan_header(pattern, version=(4, 0, 0), date=(26, 11, 22), hardware=0, serial=0, flags=0x1F,
                    states=(0, 0, 0, 0), mark=b"U2ND"):
    return (pattern.encode().ljust(8, b"\0") + bytes(date) + bytes(version) + mark +
            bytes([hardware, serial]) + struct.pack("<H4HH", flags, *states, 0))


STABLE = (0x73, 0x74, 0xFFFF, 0xFFFF)


def cybertan(image, pattern="61XN", **fields):
    return cybertan_header(pattern, **fields) + image


def netgear_sum(data):
    low = high = 0
    for byte in data:
        low = (low + byte) & 0xFFFFFFFF
        high = (high + low) & 0xFFFFFFFF
    def fold(number):
        once = (number & 0xFFFF) + (number >> 16)
        return (once + (once >> 16)) & 0xFFFF
    return fold(high) << 16 | fold(low)


def chk(image, board="U12H136T99_NETGEAR", region=1, version=(99,) * 7, rootfs=b""):
    def header(checksum):
        return struct.pack(">II", 0x2A23245E, 40 + len(board)) + bytes([region, *version]) + \
            struct.pack(">6I", netgear_sum(image), netgear_sum(rootfs), len(image), len(rootfs),
                        netgear_sum(image + rootfs), checksum) + board.encode()
    return header(netgear_sum(header(0))) + image + rootfs


def usr(image, release=0x06235D03):
    return b"USR0" + struct.pack("<IIIHHII", len(image), jamcrc(image), release, 1, 1, 0, 0) + image


def edimax(image):
    """Part 3 twelve bytes earlier; what it leaves at the end stays."""
    third = struct.unpack_from("<I", image, 24)[0]
    moved = image[: third - 12] + image[third:] + image[-12:]
    moved = moved[:8] + struct.pack("<I", jamcrc(moved[12:])) + moved[12:]
    return b"PS16" + struct.pack("<II", len(moved), 0x80500000) + moved


def motorola(image, model=0x10577050):
    covered = struct.pack(">I", model) + image
    return struct.pack(">I", jamcrc(covered)) + covered


def asus_tail(product="RT-N16", version=(1, 2, 3, 4)):
    return bytes(version) + product.encode().ljust(12, b"\0") + bytes(48)


def put(data, offset, new):
    return data[:offset] + new + data[offset + len(new) :]
