# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Sound images of every kind, put together by the rules of trxtool/FORMAT.md without any of trxkit's
code, and the small edits that spoil them. Nothing here judges."""

import gzip
import lzma
import random
import struct
import zlib

HDR0, F7D7301, F7D7302, QA = 0x30524448, 0x20100322, 0x20090928, 0x12345678
HEADER, HEADER_V2 = 28, 32
BLOCK = 0x20000  # the largest erase block that an F7D7301 may have
ROOT = 0x20000  # where its squashfs lies in the image
START = 0x20000  # where its image lies in the flash
MARKER = b"\xde\xad\xc0\xde"
LOAD = 0x80001000
BANNER = b"Linux version 6.1.192 (trxkit@host) (mipsel-linux-gnu-gcc) #1 Thu Jan 1 00:00:00 UTC 1970\n\0"


def jamcrc(data):
    return zlib.crc32(data) ^ 0xFFFFFFFF


class Image:
    """Bytes of a file. Every edit gives a new one."""

    def __init__(self, data):
        self.data = bytes(data)

    def put(self, offset, new):
        assert offset + len(new) <= len(self.data), "an edit behind the end"
        return Image(self.data[:offset] + new + self.data[offset + len(new):])

    def put16(self, offset, value):
        return self.put(offset, struct.pack("<H", value))

    def put32(self, offset, value):
        return self.put(offset, struct.pack("<I", value))

    def put64(self, offset, value):
        return self.put(offset, struct.pack("<Q", value))

    def flip(self, offset, bit):
        return self.put(offset, bytes([self.data[offset] ^ 1 << bit]))

    def cut(self, size):
        return Image(self.data[:size])

    def append(self, new):
        return Image(self.data + new)

    def word(self, offset):
        return struct.unpack_from("<I", self.data, offset)[0]

    def seal(self):
        """With the CRC of what is there, as the writer of such an image would have it."""
        covered = bytearray(self.data[:self.word(4)])
        if covered[14] == 2 and self.word(28) != 0:
            mask = self.word(28) + 22
            if mask + 8 <= len(covered):
                covered[mask:mask + 8] = b"\xff" * 8
        return self.put32(8, jamcrc(bytes(covered[12:])))

    def length(self, value):
        return self.put32(4, value).seal()


def filler(size, seed=1):
    return random.Random(seed).randbytes(size)


def padded(data, step, byte=b"\0"):
    return data + byte * (-len(data) % step)


def trx(places, magic=F7D7301, version=1, length=None, flags=0):
    """`places`: (offset, contents) of each part in the order of the table."""
    size = length or len(padded(bytes(max(at + len(data) for at, data in places)), 4096))
    image = bytearray(size)
    struct.pack_into("<IIIHH", image, 0, magic, size, 0, flags, version)
    for number, (at, data) in enumerate(places):
        struct.pack_into("<I", image, 16 + 4 * number, at)
        image[at:at + len(data)] = data
    return Image(image).seal()


def row(contents, header=HEADER):
    """Places of parts one behind the other, each padded to four bytes."""
    places, at = [], header
    for data in contents:
        places.append((at, data))
        at += len(padded(data, 4))
    return places


def kernel(size=6000, text=b"", start=0x08000400):
    """A raw kernel: a jump, its version text, and what does not compress."""
    raw = struct.pack("<I", start) + bytes(60) + BANNER + text + b"\0"
    return raw + filler(size - len(raw))


def packed(raw):
    return gzip.compress(raw, 9, mtime=0)


def lzma_alone(raw, lc=3, lp=0, pb=2, dictionary=1 << 16, size="known"):
    """With an end marker in any case; `size`: "known", "unknown" or a number for the header."""
    filters = [{"id": lzma.FILTER_LZMA1, "lc": lc, "lp": lp, "pb": pb,
                "dict_size": min(dictionary, 1 << 20)}]
    stream = lzma.compress(raw, format=lzma.FORMAT_ALONE, filters=filters)
    stated = {"known": len(raw), "unknown": 2 ** 64 - 1}.get(size, size)
    return stream[:1] + struct.pack("<IQ", dictionary, stated) + stream[13:]


def squashfs(size=5000, fill=b"s"):
    """A superblock that makes sense (linux fs/squashfs/squashfs_fs.h), and what it spans."""
    block = struct.pack("<IIIIIHHHHHHQQ", 0x73717368, 5, 0, 131072, 1, 4, 17, 0xC0, 1, 4, 0, 0x60,
                        size)
    tables = {"id": size - 8, "xattr": 2 ** 64 - 1, "inode": 200, "directory": 1200,
              "fragment": 2000, "export": 2 ** 64 - 1}
    block += struct.pack("<6Q", *tables.values())
    return block + fill * (size - len(block))


def with_markers(image, squashfs_end, start=START):
    """0xFF and a marker at the first erase block of the flash behind the squashfs, for both sizes
    that blocks may have."""
    for erase in (0x10000, 0x20000):
        place = (start + squashfs_end + erase - 1) // erase * erase - start
        if place + 4 > len(image.data):
            image = image.append(b"\xff" * (place - len(image.data)) + MARKER)
    return image


def belkin(part1=None, root=None, text=b"flash-init: ", at=ROOT):
    """The image of an F7D7301: a packed kernel without a loader, and a squashfs."""
    part1 = packed(kernel(text=text)) if part1 is None else part1
    root = squashfs() if root is None else root
    image = trx([(HEADER, part1), (at, root)])
    return with_markers(image, at + len(root))


def plain(*contents, magic=HDR0):
    """An image of parts one behind the other."""
    return trx(row(contents), magic=magic)


CYBERTAN = b"61XN" + bytes(4) + bytes([21, 1, 1]) + bytes([4, 30, 1]) + b"U2ND" + \
    bytes([0, 1]) + bytes(2) + b"\xff" * 8 + bytes(2)


def version2(fourth=CYBERTAN, magic=HDR0):
    contents = [packed(kernel()), filler(500, 2), filler(600, 3)]
    return trx(row([*contents, fourth], HEADER_V2), magic=magic, version=2)
