# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Images made to be expensive: small files that unpack to much, name large dictionaries and reach
back in them, or state sizes that nobody has."""

import gzip
import lzma
import random
import struct

from images import HEADER, Image, filler, kernel, lzma_alone, packed, plain, squashfs, trx
from loaders import loader_part

RAW = kernel()


def stream_of(pieces, dictionary, stated=None):
    """An LZMA stream of `pieces`, made with a window of `dictionary` and claiming `stated`."""
    compressor = lzma.LZMACompressor(lzma.FORMAT_ALONE, filters=[
        {"id": lzma.FILTER_LZMA1, "dict_size": dictionary, "lc": 0, "lp": 0, "pb": 0,
         "mode": lzma.MODE_FAST, "mf": lzma.MF_HC3, "nice_len": 273, "depth": 1}])
    stream = b"".join([*map(compressor.compress, pieces), compressor.flush()])
    return stream[:1] + struct.pack("<I", stated or dictionary) + stream[5:]


def zeros_of(size):
    return stream_of([bytes(1 << 20)] * (size >> 20), 1 << 20, 64 << 20)


def far_repetitions():
    """The same 64 KiB again and again, each time 30 MiB behind the last: every one of these reaches
    back through almost the whole window."""
    unit, zeros = filler(1 << 16, 11), bytes(30 << 20)
    return stream_of([unit, zeros] * 5, 32 << 20, 64 << 20)


def far_distances():
    """30 MiB of pages that differ, and then a few bytes of one page after the other at random: every
    some bytes of the stream touch another page of the window."""
    chance = random.Random(5)
    patterns = [chance.randbytes(8) for _ in range(30 << 8)]
    pages = [pattern * 512 for pattern in patterns]
    return stream_of([*pages, *(pattern * 2 for pattern in chance.choices(patterns, k=100000))],
                     32 << 20, 64 << 20)


def images():
    """Name and bytes of each; made when they are asked for."""
    zeros = zeros_of(200 << 20)
    yield "64 MiB dictionary, 200 MiB of zeros", plain(zeros)
    yield "the same, size known", plain(zeros[:5] + struct.pack("<Q", 200 << 20) + zeros[13:])
    yield "64 MiB dictionary, far repetitions", plain(far_repetitions())
    yield "64 MiB dictionary, far distances", plain(far_distances())
    yield "two dictionaries of 64 MiB, one behind the other", plain(
        zeros, lzma_alone(loader_part(payload=zeros), dictionary=64 << 20))
    yield "loader with a 64 MiB dictionary", plain(packed(loader_part(payload=zeros)))
    yield "loader inside LZMA", plain(lzma_alone(
        loader_part(payload=zeros) + bytes(1 << 20), dictionary=64 << 20))
    yield "gzip of 256 MiB", plain(gzip.compress(bytes(256 << 20), 1))
    yield "dictionary of 4 GiB", plain(lzma_alone(RAW, dictionary=0xFFFFFFFF))
    yield "squashfs of 2^64 - 1 bytes", plain(packed(RAW), squashfs()).put64(
        HEADER + (len(packed(RAW)) + 3 & ~3) + 40, 2 ** 64 - 1).seal()
    yield "length of 4 GiB", plain(packed(RAW)).put32(4, 0xFFFFFFFF)
    yield "a long text that looks like a command line", plain(
        packed(RAW + b"console=" * 500000))
