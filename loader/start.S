/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: The trxkit authors */
/*
 * From the boot loader's jump to loader_main() and on to the kernel. The boot loader has unpacked
 * stub, header and payload to wherever it unpacks; all of it moves to header.run_address, for which
 * trxtool has relocated the stub, and out of the kernel's way. $a0-$a3 reach the kernel as the boot
 * loader gave them; so do Status (interrupts off) and EBase.
 *
 * Registers that live through all of it: $s0-$s3 the arguments, $s4 where the stub lies, $s5 its
 * header, $s6 Status as found, $s7 the address under test while RAM is tested, $s8 EBase as found.
 */
#include "header.h"
#include "macros.inc"

  .section .text.start, "ax", @progbits
  .global start
  .ent start
start:
  .set noreorder
  mfc0 $t0, CP0_STATUS
  b begin
   nop
  nop
  .set reorder
header:
  .word LOADER_MAGIC, LOADER_VERSION
  .fill LOADER_HEADER_SIZE - 8, 1, 0

begin:
  move $s0, $a0
  move $s1, $a1
  move $s2, $a2
  move $s3, $a3
  move $s6, $t0
  mfc0 $s8, CP0_EBASE
  /* EBase may be written only while BEV is set (MIPS32 Volume III, "EBase"). */
  li $t1, 1 << STATUS_BEV
  or $t0, $t0, $t1
  ins $t0, $zero, 0, 5
  mtc0 $t0, CP0_STATUS
  ehb
  mfc0 $t0, CP0_CAUSE
  ins $t0, $zero, CAUSE_DC, 1
  mtc0 $t0, CP0_CAUSE

  .set noreorder
  bal 1f
   nop
1:
  .set reorder
  addiu $s4, $ra, start - 1b
  addiu $s5, $s4, LOADER_HEADER_OFFSET
  move $s7, $zero
  bal flush_caches

  move $a0, $s5
  li $a1, HEADER_CONSOLE_CRC
  bal crc32_bitwise
  lw $t0, HEADER_CONSOLE_CRC($s5)
  bne $v0, $t0, no_console
  move $a0, $s5
  SAY "\r\ntrxkit loader at "
  move $a1, $s4
  bal put_hex
  SAY "\r\n"

  li $a1, HEADER_CRC
  bal crc32_bitwise
  move $a0, $s5
  lw $t0, HEADER_CRC($s5)
  bne $v0, $t0, damaged_header

  addiu $a1, $s4, exception_before_move - start
  bal install_vectors
  lw $t0, HEADER_STUB_SIZE($s5)
  lw $t1, HEADER_PAYLOAD_SIZE($s5)
  lw $t2, HEADER_RUN_ADDRESS($s5)
  addu $t0, $t0, $s4
  addu $t0, $t0, $t1
  bltu $t2, $t0, no_room

  SAY "testing RAM up to "
  lw $a1, HEADER_RUN_END($s5)
  bal put_hex
  move $a1, $s4
  bal test_aliases
  bal test_run_range
  SAY "\r\n"

  /* 16 bytes at a time: header.stub_size is a multiple, and behind the payload there is room. */
  lw $t0, HEADER_STUB_SIZE($s5)
  lw $t1, HEADER_PAYLOAD_SIZE($s5)
  addu $a1, $t0, $t1
  lw $a0, HEADER_RUN_ADDRESS($s5)
  addu $t2, $a0, $a1
  move $t0, $a0
  move $t1, $s4
2:
  lw $t3, 0($t1)
  lw $t4, 4($t1)
  lw $t5, 8($t1)
  lw $t6, 12($t1)
  sw $t3, 0($t0)
  sw $t4, 4($t0)
  sw $t5, 8($t0)
  sw $t6, 12($t0)
  addiu $t1, $t1, 16
  addiu $t0, $t0, 16
  bltu $t0, $t2, 2b
  bal publish_code

  lw $s4, HEADER_RUN_ADDRESS($s5)
  addiu $s5, $s4, LOADER_HEADER_OFFSET
  addiu $t0, $s4, moved - start
  .set noreorder
  jr.hb $t0
   nop
  .set reorder

moved:
  move $a0, $s5
  addiu $a1, $s4, exception - start
  bal install_vectors
  lw $sp, HEADER_RUN_END($s5)
  addiu $sp, $sp, -16 /* o32: room for the callee to save its arguments */
  move $a0, $s5
  jal loader_main

  mfc0 $t0, CP0_STATUS
  li $t1, 1 << STATUS_BEV
  or $t0, $t0, $t1
  mtc0 $t0, CP0_STATUS
  ehb
  mtc0 $s8, CP0_EBASE
  ins $s6, $zero, 0, 1
  mtc0 $s6, CP0_STATUS
  move $a0, $s0
  move $a1, $s1
  move $a2, $s2
  move $a3, $s3
  .set noreorder
  jr.hb $v0
   nop
  .set reorder

damaged_header:
  move $s0, $v0
  SAY "the loader's header is damaged: CRC "
  move $a1, $s0
  bal put_hex
  SAY " instead of "
  lw $a1, HEADER_CRC($s5)
  bal put_hex
  b fail

no_room:
  SAY "stub and payload reach into the place they move to, "
  move $a1, $t2
  bal put_hex
  b fail

/* Nobody knows where to print or how to reset: about ten seconds of doing nothing, then the ROM. */
no_console:
  li $t0, 0x80000000
3:
  addiu $t0, $t0, -1
  bnez $t0, 3b
  lui $t0, ROM_HIGH
  jr $t0

/* Exceptions come here, without any stack. While RAM is tested, it is the test that failed. */
exception_before_move:
  beqz $s7, exception
  move $a0, $s5
  SAY "\r\nno RAM answers at "
  move $a1, $s7
  bal put_hex
  b less_ram

exception:
  .set noreorder
  bal 4f
   nop
4:
  .set reorder
  addiu $a0, $ra, header - 4b
  SAY "\r\nexception: cause "
  mfc0 $a1, CP0_CAUSE
  bal put_hex
  SAY " at "
  mfc0 $a1, CP0_EPC
  bal put_hex
  SAY " address "
  mfc0 $a1, CP0_BAD_ADDRESS
  bal put_hex
  b fail
  .end start
