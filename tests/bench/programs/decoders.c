// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The loader's way from payload to kernel and Linux' own decompressor of compressed kernels (zboot,
// lib/decompress_unlzma.c as arch/mips/boot/compressed/decompress.c includes it), in turn, each on its
// own stream of the same kernel. Prints how many steps of the Count register each took, and resets the emulated board.
#include "loader/decoder.h"
#include "loader/functions.h"

#include <stdint.h>
#include <string.h>

#define STATIC static
static unsigned long free_mem_ptr;
static unsigned long free_mem_end_ptr;
#include "lib/decompress_unlzma.c"

#define ROUNDS 3
#define TARGET ((u8*)0x80100000)
#define HEAP_SIZE 0x400000 // BOOT_HEAP_SIZE of arch/mips/boot/compressed/Makefile

extern u8 payload[], payload_end[], zboot[], zboot_end[];
static u8 heap[HEAP_SIZE];
static u16 probabilities[PROBABILITIES];
static u32 table[CRC_TABLE_ENTRIES];

static const struct Header board = {.uart_base = 0x180003f8, .uart_spacing = 1};

static u32 count(void) {
  u32 value;
  __asm__ volatile("mfc0 %0, $9" : "=r"(value));
  return value;
}

static void ignore_progress(const struct Header* header) {
  (void)header;
}

static void ignore_error(char* text) {
  put_text(&board, text);
}

// Checksums and caches included: all that happens between the move and the jump.
static int by_loader(u32 size, u32* crc) {
  u32 packed = (u32)(payload_end - payload);
  crc_table(table);
  *crc = crc32(table, 0, payload, packed);
  if (!unpack(payload, packed, TARGET, size, probabilities, ignore_progress, &board)) return 0;
  *crc = crc32(table, 0, TARGET, size);
  publish_code((u32)TARGET, size);
  return 1;
}

static int by_linux(void) {
  malloc_ptr = 0;
  free_mem_ptr = (unsigned long)heap;
  free_mem_end_ptr = free_mem_ptr + HEAP_SIZE;
  return __decompress(zboot, (long)(zboot_end - zboot), 0, 0, TARGET, 0, 0, ignore_error) == 0;
}

static void report(const char* who, u32 steps, u32 crc, int fine) {
  put_text(&board, who);
  put_hex(&board, steps);
  put_text(&board, " CRC ");
  put_hex(&board, crc);
  put_text(&board, fine ? "\r\n" : " FAILED\r\n");
}

void bench(void) {
  u32 size = payload[5] | (u32)payload[6] << 8 | (u32)payload[7] << 16 | (u32)payload[8] << 24;
  for (int round = 0; round < ROUNDS; ++round) {
    u32 crc;
    memset(TARGET, 0, size);
    u32 start = count();
    int fine = by_loader(size, &crc);
    report("loader ", count() - start, crc, fine);
    memset(TARGET, 0, size);
    start = count();
    fine = by_linux();
    u32 steps = count() - start;
    report("linux ", steps, crc32(table, 0, TARGET, size), fine);
  }
  *(volatile u32*)0xbf000500 = 0x42;
}
