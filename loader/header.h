/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: The trxkit authors */
/*
 * What trxtool writes into the loader when it packs a kernel: the one place that names the fields,
 * for assembly and C. lib/trx/loader_header.h is the same for the host. Addresses in KSEG0
 * unless they are registers of devices: those are physical.
 */
#pragma once

#define LOADER_MAGIC 0x4c585254 /* "TRXL" */
#define LOADER_VERSION 1

/* Bytes from the loader's first byte to the header. */
#define LOADER_HEADER_OFFSET 16
/* Bytes of the header. */
#define LOADER_HEADER_SIZE 84

/* How to talk and how to reset; guarded by a CRC of its own, so that damage elsewhere can still be
 * reported. */
#define HEADER_MAGIC 0
#define HEADER_VERSION 4
#define HEADER_UART_BASE 8
#define HEADER_UART_SPACING 12
#define HEADER_RESET_REGISTER 16
#define HEADER_RESET_VALUE 20
#define HEADER_COUNT_RATE 24
#define HEADER_CONSOLE_CRC 28
/* What to unpack, and where. */
#define HEADER_STUB_SIZE 32
#define HEADER_RUN_ADDRESS 36
#define HEADER_RUN_END 40
#define HEADER_RAM_SIZE 44
#define HEADER_LOAD_ADDRESS 48
#define HEADER_ENTRY 52
#define HEADER_MEMORY_SIZE 56
#define HEADER_PAYLOAD_SIZE 60
#define HEADER_PAYLOAD_CRC 64
#define HEADER_RESULT_SIZE 68
#define HEADER_RESULT_CRC 72
#define HEADER_STUB_CRC 76
#define HEADER_CRC 80

#ifndef __ASSEMBLER__
typedef unsigned int u32;
typedef unsigned char u8;

struct Header {
  u32 magic;
  u32 version;
  u32 uart_base;      /* physical address of a 16550 */
  u32 uart_spacing;   /* bytes between its registers */
  u32 reset_register; /* physical address; 0: none known */
  u32 reset_value;
  u32 count_rate;   /* steps a second of the CP0 Count register */
  u32 console_crc;  /* CRC-32 of all words before this one */
  u32 stub_size;    /* bytes from the loader's first byte to the payload; a multiple of 16 */
  u32 run_address;  /* where stub and payload move to */
  u32 run_end;      /* top of the stack there */
  u32 ram_size;     /* bytes of RAM that the board file promises */
  u32 load_address; /* where the kernel goes */
  u32 entry;        /* where it starts */
  u32 memory_size;  /* bytes that it occupies from load_address on, bss included */
  u32 payload_size; /* bytes of the LZMA stream with its header */
  u32 payload_crc;
  u32 result_size; /* bytes of the unpacked kernel */
  u32 result_crc;
  u32 stub_crc; /* of the stub as packed, the header's 84 bytes left out */
  u32 crc;      /* CRC-32 of all words before this one */
};

_Static_assert(sizeof(struct Header) == LOADER_HEADER_SIZE, "header.h contradicts itself");
_Static_assert(__builtin_offsetof(struct Header, crc) == HEADER_CRC, "header.h contradicts itself");
_Static_assert(__builtin_offsetof(struct Header, console_crc) == HEADER_CONSOLE_CRC,
               "header.h contradicts itself");
#endif
