// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The LZMA decoder of Igor Pavlov's LZMA SDK (public domain, Debian source package lzma, fetched by
// tools/build-loader), without what it has for input and output in pieces: that is as large as the
// rest of the loader. Its inner loop stops once it has read up to a limit and then reads at most
// LZMA_REQUIRED_INPUT_MAX bytes more; it never writes past the end of the result.
#include "decoder.h"

#include <LzmaDec.c>

#define LZMA_HEADER_SIZE 13 /* properties, dictionary size, 64-bit size of the result */
#define PROGRESS_STEP (1u << 20)

_Static_assert(sizeof(CLzmaProb) == sizeof(u16), "decoder.h contradicts the decoder");
_Static_assert(LZMA_BASE_SIZE + (LZMA_LIT_SIZE << MOST_LITERAL_BITS) == PROBABILITIES,
               "decoder.h contradicts the decoder");

static void start(CLzmaDec* decoder, const u8* stream) {
  LzmaDec_Init(decoder);
  LzmaDec_InitStateReal(decoder);
  LzmaDec_InitRc(decoder, stream);
  decoder->buf = stream + RC_INIT_SIZE;
}

static SRes decode_up_to(CLzmaDec* decoder, SizeT limit, const u8* end) {
  LzmaDec_WriteRem(decoder, limit);
  if (decoder->dicPos == limit) return SZ_OK;
  // The last symbols may need no more input: the limit must lie behind the end.
  return LzmaDec_DecodeReal2(decoder, limit, end + LZMA_REQUIRED_INPUT_MAX);
}

int unpack(const u8* payload, u32 payload_size, u8* target, u32 size, u16* probabilities,
           void (*progress)(const struct Header*), const struct Header* header) {
  const u8* stream = payload + LZMA_HEADER_SIZE;
  const u8* end = payload + payload_size;
  CLzmaDec decoder;
  if (payload_size < LZMA_HEADER_SIZE + RC_INIT_SIZE || stream[0] != 0 ||
      LzmaProps_Decode(&decoder.prop, payload, LZMA_PROPS_SIZE) != SZ_OK ||
      decoder.prop.lc + decoder.prop.lp > MOST_LITERAL_BITS) {
    return 0;
  }
  decoder.probs = probabilities;
  // What is unpacked already is the dictionary.
  decoder.dic = target;
  decoder.dicBufSize = size;
  start(&decoder, stream);
  while (decoder.dicPos != size) {
    SizeT limit = size - decoder.dicPos > PROGRESS_STEP ? decoder.dicPos + PROGRESS_STEP : size;
    if (decode_up_to(&decoder, limit, end) != SZ_OK || decoder.dicPos != limit) return 0;
    progress(header);
  }
  // A whole stream leaves the range coder at zero (LZMA SDK, lzma.txt).
  return decoder.remainLen == 0 && decoder.code == 0 && decoder.buf == end;
}
