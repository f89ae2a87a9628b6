/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: The trxkit authors */
/* LZMA-alone streams of known size without an end marker. */
#pragma once

#include "header.h"

typedef unsigned short u16;

/* lc + lp; what more of them need is not worth its memory. trxtool packs with 3. */
#define MOST_LITERAL_BITS 4
#define PROBABILITIES (1846 + (768 << MOST_LITERAL_BITS))

/* Unpacks `payload` to exactly `size` bytes at `target`, calling `progress` once a MiB. At least 40
 * bytes behind the payload must be readable. Returns 0 where the stream is no such stream, is
 * damaged, or is longer or shorter than it should be. */
int unpack(const u8* payload, u32 payload_size, u8* target, u32 size, u16* probabilities,
           void (*progress)(const struct Header*), const struct Header* header);
