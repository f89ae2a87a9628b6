/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: The trxkit authors */
/* What the loader's sources call of each other. */
#pragma once

#include "header.h"

/* console.S */
void put_text(const struct Header* header, const char* text);
void put_hex(const struct Header* header, u32 value);
__attribute__((noreturn)) void fail(const struct Header* header);

/* cache.S */
void publish_code(u32 start, u32 size);

/* checksum.c: CRC-32 as gzip has it. `table` is filled by crc_table(); start with crc 0. */
#define CRC_TABLE_ENTRIES 256
void crc_table(u32* table);
u32 crc32(const u32* table, u32 crc, const void* bytes, u32 size);

/* main.c: everything between the move and the kernel. Returns the kernel's entry. */
u32 loader_main(const struct Header* header);
