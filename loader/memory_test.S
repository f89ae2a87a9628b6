/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: The trxkit authors */
/*
 * Is the RAM there that the board file promises? Both tests read and write uncached, take the header
 * in $a0 and leave it there, keep the address under test in $s7 for the exception handler, and do not
 * come back when they fail.
 */
#include "header.h"
#include "macros.inc"

#define STEP 4096

/* test_aliases: does memory answer twice? Changes a word of the stub itself ($a1 is its address) and
 * looks whether the word 1 MiB, 2 MiB, 4 MiB... further on changes with it. Changes $t0-$t6. */
function test_aliases
  move $t0, $a1
  ins $t0, $zero, KSEG1_BIT, 3
  lw $t1, HEADER_RAM_SIZE($a0)
  li $t2, 1 << 20
1:
  addu $t3, $t0, $t2
  bgeu $t3, $t1, 3f
  lui $t4, KSEG1_HIGH
  or $s7, $t3, $t4
  or $t4, $t0, $t4
  lw $t5, 0($t4)
  lw $t3, 0($s7)
  bne $t3, $t5, 2f
  nor $t6, $t5, $zero
  sw $t6, 0($t4)
  sync
  lw $t3, 0($s7)
  sw $t5, 0($t4)
  sync
  beq $t3, $t6, 4f
2:
  sll $t2, $t2, 1
  b 1b
3:
  move $s7, $zero
  jr $ra
4:
  SAY "\r\nRAM repeats itself at "
  move $a1, $s7
  bal put_hex
  b less_ram
endfunction test_aliases

/* test_run_range: does every page keep its own address, and then its complement? Changes $t0-$t3. */
function test_run_range
  lui $t0, KSEG1_HIGH
  move $t3, $zero
1:
  lw $s7, HEADER_RUN_ADDRESS($a0)
  lw $t2, HEADER_RUN_END($a0)
  or $s7, $s7, $t0
  or $t2, $t2, $t0
2:
  xor $t1, $s7, $t3
  sw $t1, 0($s7)
  addiu $s7, $s7, STEP
  bltu $s7, $t2, 2b
  sync
  lw $s7, HEADER_RUN_ADDRESS($a0)
  or $s7, $s7, $t0
3:
  lw $t1, 0($s7)
  xor $t1, $t1, $t3
  bne $t1, $s7, 4f
  addiu $s7, $s7, STEP
  bltu $s7, $t2, 3b
  nor $t3, $t3, $zero
  bnez $t3, 1b
  move $s7, $zero
  jr $ra
4:
  SAY "\r\nRAM does not keep what is written at "
  move $a1, $s7
  bal put_hex
  b less_ram
endfunction test_run_range

/* less_ram: the end of both. */
function less_ram
  SAY ": less than the "
  lw $a1, HEADER_RAM_SIZE($a0)
  bal put_hex
  SAY " bytes of the board file"
  b fail
endfunction less_ram
