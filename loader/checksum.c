// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// CRC-32 for payload and kernel: ten megabytes, so with a table.
#include "functions.h"

#define POLYNOMIAL 0xedb88320u

void crc_table(u32* table) {
  for (u32 i = 0; i < CRC_TABLE_ENTRIES; ++i) {
    u32 value = i;
    for (int bit = 0; bit < 8; ++bit) {
      value = (value >> 1) ^ (POLYNOMIAL & (0 - (value & 1)));
    }
    table[i] = value;
  }
}

u32 crc32(const u32* table, u32 crc, const void* bytes, u32 size) {
  const u8* next = bytes;
  crc = ~crc;
  for (const u8* end = next + size; next != end; ++next) {
    crc = table[(crc ^ *next) & 0xff] ^ (crc >> 8);
  }
  return ~crc;
}
