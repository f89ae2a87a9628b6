/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: The trxkit authors */
/*
 * Caches and exception vectors. The instruction cache of the 24K and 74K families does not see what
 * the data cache holds (MIPS32 74K Software User's Manual, "Caches"): code that was written must be
 * written back and its old lines thrown away, with sync between and a hazard barrier at the end.
 */
#include "macros.inc"

/* Operations of the CACHE instruction (MIPS32 Volume II). */
#define INDEX_INVALIDATE_I 0x00
#define INDEX_WRITEBACK_INVALIDATE_D 0x01
#define HIT_INVALIDATE_I 0x10
#define HIT_WRITEBACK_INVALIDATE_D 0x15

/* Fields of Config1: line size, sets a way, ways. */
#define DATA_LINE 10
#define DATA_SETS 13
#define DATA_WAYS 7
#define CODE_LINE 19
#define CODE_SETS 22
#define CODE_WAYS 16

/* Bytes of a cache line into \line, 0 for a cache that is not there; Config1 in \config. */
.macro line_size line, config, field
  ext \line, \config, \field, 3
  beqz \line, 91f
  li $t9, 2
  sllv \line, $t9, \line
91:
.endm

/* The whole cache, line by line: way after way are the bits above the set's (same manual). */
.macro index_all config, line_field, sets_field, ways_field, operation
  line_size $t1, \config, \line_field
  beqz $t1, 93f
  ext $t2, \config, \sets_field, 3
  addiu $t2, $t2, 1
  andi $t2, $t2, 7
  li $t3, 32
  sllv $t3, $t3, $t2
  ext $t2, \config, \ways_field, 3
  addiu $t2, $t2, 1
  mul $t3, $t3, $t2
  mul $t3, $t3, $t1
  lui $t2, 0x8000
  addu $t3, $t3, $t2
92:
  cache \operation, 0($t2)
  addu $t2, $t2, $t1
  bltu $t2, $t3, 92b
93:
.endm

/* [$a0, $a1) */
.macro hit_range config, line_field, operation
  line_size $t1, \config, \line_field
  beqz $t1, 95f
  subu $t2, $zero, $t1
  and $t2, $t2, $a0
94:
  cache \operation, 0($t2)
  addu $t2, $t2, $t1
  bltu $t2, $a1, 94b
95:
.endm

.macro return_with_barrier
  .set push
  .set noreorder
  jr.hb $ra
   nop
  .set pop
.endm

/* flush_caches: all data into memory, nothing left in either cache. Changes $t0-$t3, $t9. */
function flush_caches
  mfc0 $t0, CP0_CONFIG1
  index_all $t0, DATA_LINE, DATA_SETS, DATA_WAYS, INDEX_WRITEBACK_INVALIDATE_D
  sync
  index_all $t0, CODE_LINE, CODE_SETS, CODE_WAYS, INDEX_INVALIDATE_I
  sync
  return_with_barrier
endfunction flush_caches

/* void publish_code(u32 start, u32 size): makes [start, start + size) fit to be run. Changes $a1,
 * $t0-$t2, $t9. */
function publish_code
  addu $a1, $a1, $a0
  mfc0 $t0, CP0_CONFIG1
  hit_range $t0, DATA_LINE, HIT_WRITEBACK_INVALIDATE_D
  sync
  hit_range $t0, CODE_LINE, HIT_INVALIDATE_I
  sync
  return_with_barrier
endfunction publish_code

/* install_vectors: jumps to $a1 at EBase 0x80000000: TLB refill, cache error, general, interrupt.
 * Clears BEV, so that they count. Changes $ra, $t0-$t3, $t8, $t9. */
function install_vectors
  move $t8, $ra
  bal flush_caches
  lui $t0, KSEG1_HIGH
  bal put_vector
  addiu $t0, $t0, 0x100
  bal put_vector
  addiu $t0, $t0, 0x80
  bal put_vector
  addiu $t0, $t0, 0x80
  bal put_vector
  bal flush_caches
  mfc0 $t0, CP0_STATUS
  ins $t0, $zero, STATUS_BEV, 1
  lui $t1, 0x8000
  mtc0 $t1, CP0_EBASE
  ehb
  mtc0 $t0, CP0_STATUS
  ehb
  jr $t8

/* lui $k0, HIGH; ori $k0, $k0, LOW; jr $k0; nop at $t0 */
put_vector:
  srl $t1, $a1, 16
  lui $t2, 0x3c1a
  or $t1, $t1, $t2
  sw $t1, 0($t0)
  andi $t1, $a1, 0xffff
  lui $t2, 0x375a
  or $t1, $t1, $t2
  sw $t1, 4($t0)
  li $t1, 0x03400008
  sw $t1, 8($t0)
  sw $zero, 12($t0)
  jr $ra
endfunction install_vectors
