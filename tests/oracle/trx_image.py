# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Composes TRX images from the options of OpenWrt's trx (firmware-utils src/trx.c), by the rules of
the format alone and without a line of trxkit: what trxtool pack is compared with. Recipes with which
trx makes a broken image are refused, with the reason."""

import struct

ROUND_FILE, ROUND_IMAGE = 4, 4096
CRC_START = 12
MASK_START, MASK_LENGTH, CYBERTAN_HEADER = 22, 8, 32
DEFAULT_MAGIC, DEFAULT_MAXIMUM = 0x30524448, 0x720000


class Refused(Exception):
    """The recipe trips a defect of trx, or gives an image that no router starts."""


def crc32_jam(data: bytes) -> int:
    """CRC-32 of the reflected polynomial, without the final complement; bit by bit, from a table of
    its own."""
    table = crc32_jam.__dict__.setdefault("table", [_table_entry(byte) for byte in range(256)])
    crc = 0xffffffff
    for byte in data:
        crc = table[(crc ^ byte) & 0xff] ^ crc >> 8
    return crc


def _table_entry(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ (0xedb88320 if byte & 1 else 0)
    return byte


def number(text: str) -> int:
    try:
        return int(text, 0)
    except ValueError as wrong:
        raise Refused(f"{text} is no number") from wrong


def padding(size: int, multiple: int) -> bytes:
    return bytes(-size % multiple)


class Recipe:
    """One run of trx: options are applied in their order."""

    def __init__(self, read):
        self.read = read  # file name -> bytes
        self.magic, self.version = DEFAULT_MAGIC, 1
        self.maximum = DEFAULT_MAXIMUM
        self.body = bytearray(28)
        self.offsets = []
        self.end = None  # of length and CRC, where -F says so

    def apply(self, option: str, value: str | None):
        actions = {"-2": self.second_version, "-M": self.set_magic, "-m": self.set_maximum,
                   "-f": self.part, "-A": self.append, "-F": self.behind, "-a": self.align,
                   "-b": self.pad_to, "-x": self.extend}
        actions[option](value)

    def second_version(self, _):
        if len(self.body) != 28 or self.version == 2:
            raise Refused("-2 comes too late")
        self.version = 2
        self.body += bytes(4)

    def set_magic(self, value):
        if not value.lower().startswith("0x"):
            raise Refused(f"-M {value} would be read as a decimal number")
        self.magic = number(value)
        if self.magic >= 1 << 32:
            raise Refused(f"-M {value} has more than 32 bits")

    def set_maximum(self, value):
        self.maximum = -(-number(value) // ROUND_IMAGE) * ROUND_IMAGE

    def add(self, name):
        data = self.read(name)
        if not data:
            raise Refused(f"{name} is empty")
        self.body += data + padding(len(data), ROUND_FILE)

    def part(self, name):
        if len(self.offsets) == (4 if self.version == 2 else 3):
            raise Refused("one part too many")
        if self.end is not None:
            raise Refused("a part behind the end")
        if self.offsets and len(self.body) <= self.offsets[-1]:
            raise Refused("an empty part")
        self.offsets.append(len(self.body))
        self.add(name)

    def append(self, name):
        if not self.offsets:
            raise Refused("-A before any -f")
        self.add(name)

    def behind(self, name):
        if not self.offsets:
            raise Refused("-F before any -f")
        self.end = len(self.body)
        self.add(name)

    def align(self, value):
        multiple = number(value)
        if multiple <= 0 or multiple & (multiple - 1):
            raise Refused(f"{multiple} is no power of two")
        self.body += padding(len(self.body), multiple)

    def pad_to(self, value):
        if number(value) < len(self.body):
            raise Refused(f"already behind {value}")
        self.body += bytes(number(value) - len(self.body))

    def extend(self, value):
        count = number(value)
        self.body += bytes(max(count, 0))
        least = max(self.offsets[-1] if self.offsets else 16 + 4 * (self.version + 2),
                    self.end or 0)
        if len(self.body) + min(count, 0) < least:
            raise Refused("-x steps back too far")
        if count < 0:
            del self.body[count:]

    def finish(self) -> bytes:
        if not self.offsets:
            raise Refused("no parts")
        if self.version == 2 and len(self.offsets) < 4:
            raise Refused("version 2 without part 4")
        if len(self.body) <= self.offsets[-1]:
            raise Refused("an empty part")
        self.body += padding(len(self.body), ROUND_IMAGE)
        if len(self.body) > self.maximum:
            raise Refused(f"{len(self.body)} bytes, {self.maximum} at most")
        self.judge()
        length = len(self.body) if self.end is None else self.end
        offsets = self.offsets + [0] * (self.version + 2 - len(self.offsets))
        struct.pack_into(f"<HH{len(offsets)}I", self.body, CRC_START, 0, self.version, *offsets)
        covered = bytearray(self.body[:length])
        if self.version == 2:
            start = self.offsets[3] + MASK_START
            covered[start:start + MASK_LENGTH] = b"\xff" * MASK_LENGTH
        struct.pack_into("<III", self.body, 0, self.magic, length, crc32_jam(covered[CRC_START:]))
        return bytes(self.body)

    def judge(self):
        """What a boot loader, or a kernel that cuts the flash, cannot use."""
        length = len(self.body) if self.end is None else self.end
        if self.offsets[0] != 16 + 4 * (self.version + 2):
            raise Refused("a gap before part 1: the boot loader starts the byte behind the header")
        if any(offset % 4 for offset in self.offsets):
            raise Refused("an unaligned part")
        if self.offsets[-1] >= length:
            raise Refused("an empty part")
        if self.version == 2 and length - self.offsets[3] < CYBERTAN_HEADER:
            raise Refused("part 4 is too small")
        rest = bytes(self.body[length:])
        for start in range(-length % ROUND_IMAGE, len(rest), ROUND_IMAGE):
            if rest[start:start + 4] == b"\xde\xad\xc0\xde":
                rest = rest[:start] + bytes(4) + rest[start + 4:]
        if rest.strip(b"\0\xff"):
            raise Refused("bytes behind the end that are neither marker nor padding")


def compose(words: list[str], read) -> bytes:
    """The image of `trx WORDS...` (without -o); `read` gives the bytes of a file by its name."""
    recipe = Recipe(read)
    words = list(words)
    while words:
        option = words.pop(0)
        recipe.apply(option, None if option == "-2" else words.pop(0))
    return recipe.finish()
