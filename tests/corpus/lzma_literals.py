# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""LZMA-alone streams of known size without an end marker, as boot loaders want them: Python's own
encoder always writes a marker. Literals alone, so nothing gets smaller (LZMA SDK, lzma.txt)."""

import struct


class RangeEncoder:
    """Bits in, bytes out. Probabilities of a 0 are in 2048ths."""

    def __init__(self):
        self.low, self.range, self.held, self.pending = 0, 0xFFFFFFFF, 0, 1
        self.bytes = bytearray()

    def shift(self):
        """Moves the top byte out, once no carry can reach it any more."""
        if self.low < 0xFF000000 or self.low > 0xFFFFFFFF:
            carry = self.low >> 32
            self.bytes.append(self.held + carry & 0xFF)
            self.bytes += bytes([0xFF + carry & 0xFF]) * (self.pending - 1)
            self.held, self.pending = self.low >> 24 & 0xFF, 0
        self.pending += 1
        self.low = (self.low & 0x00FFFFFF) << 8

    def encode(self, probabilities, index, bit):
        bound = (self.range >> 11) * probabilities[index]
        if bit:
            self.low += bound
            self.range -= bound
            probabilities[index] -= probabilities[index] >> 5
        else:
            self.range = bound
            probabilities[index] += 2048 - probabilities[index] >> 5
        while self.range < 1 << 24:
            self.range <<= 8
            self.shift()

    def finish(self):
        for _ in range(5):
            self.shift()
        return bytes(self.bytes)


def lzma_literals(raw, lc=3, lp=0, pb=2, dictionary=1 << 16):
    encoder = RangeEncoder()
    matches = [1024] * (1 << pb)
    literals = [1024] * (0x300 << lc + lp)
    previous = 0
    for position, byte in enumerate(raw):
        encoder.encode(matches, position & (1 << pb) - 1, 0)
        context = 0x300 * (((position & (1 << lp) - 1) << lc) + (previous >> 8 - lc))
        symbol = 1
        for shift in range(7, -1, -1):
            bit = byte >> shift & 1
            encoder.encode(literals, context + symbol, bit)
            symbol = symbol << 1 | bit
        previous = byte
    properties = (pb * 5 + lp) * 9 + lc
    return struct.pack("<BIQ", properties, dictionary, len(raw)) + encoder.finish()
