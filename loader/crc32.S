/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: The trxkit authors */
/*
 * CRC-32 (reflected 0xEDB88320) without a table, for the few bytes that are checked before anything
 * else is trusted. checksum.c does it for megabytes.
 */
#include "macros.inc"

/* crc32_bitwise: $a1 bytes at $a0, result in $v0. Changes $a0, $a1, $t0-$t2. */
function crc32_bitwise
  li $v0, -1
  li $t2, 0xedb88320
1:
  beqz $a1, 3f
  lbu $t0, 0($a0)
  addiu $a0, $a0, 1
  addiu $a1, $a1, -1
  xor $v0, $v0, $t0
  li $t1, 8
2:
  andi $t0, $v0, 1
  srl $v0, $v0, 1
  subu $t0, $zero, $t0
  and $t0, $t0, $t2
  xor $v0, $v0, $t0
  addiu $t1, $t1, -1
  bnez $t1, 2b
  b 1b
3:
  nor $v0, $v0, $zero
  jr $ra
endfunction crc32_bitwise
