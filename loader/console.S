/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: The trxkit authors */
/*
 * Text on the serial console, and the end of every failure. All functions take the header in $a0 and
 * leave it there. The boot loader has set up the UART; one that never gets ready is not waited for.
 */
#include "header.h"
#include "macros.inc"

#define LINE_STATUS 5            /* register of a 16550 */
#define TRANSMITTER_EMPTY 0x20   /* its bit */
#define POLLS_HIGH 0x10          /* 1048576 of them */
#define SECONDS_BEFORE_RESET 10
/* Count stands still only on a broken CPU; even then a second ends, after some more of them. */
#define COUNT_READS_HIGH 0x1000

/* put_char: the character in $a1. Changes $t0-$t3. */
function put_char
  lw $t0, HEADER_UART_BASE($a0)
  lw $t1, HEADER_UART_SPACING($a0)
  lui $t2, KSEG1_HIGH
  or $t0, $t0, $t2
  sll $t2, $t1, 2
  addu $t1, $t1, $t2
  addu $t1, $t1, $t0
  lui $t2, POLLS_HIGH
1:
  lbu $t3, 0($t1)
  andi $t3, $t3, TRANSMITTER_EMPTY
  bnez $t3, 2f
  addiu $t2, $t2, -1
  bnez $t2, 1b
2:
  sb $a1, 0($t0)
  jr $ra
endfunction put_char

/* void put_text(const struct Header*, const char*). Changes $a1, $t0-$t3, $t6, $t7; $t7 ends behind
 * the text. */
function put_text
  move $t6, $ra
  move $t7, $a1
1:
  lbu $a1, 0($t7)
  addiu $t7, $t7, 1
  beqz $a1, 2f
  bal put_char
  b 1b
2:
  jr $t6
endfunction put_text

/* say: the text at $ra, and back to the first word behind it. Changes what put_text does. */
function say
  move $a1, $ra
  bal put_text
  addiu $t7, $t7, 3
  ins $t7, $zero, 0, 2
  jr $t7
endfunction say

/* void put_hex(const struct Header*, u32). Changes $a1, $t0-$t3, $t5-$t7. */
function put_hex
  move $t6, $ra
  move $t7, $a1
  li $a1, '0'
  bal put_char
  li $a1, 'x'
  bal put_char
  li $t5, 8
1:
  rotr $t7, $t7, 28
  andi $a1, $t7, 15
  sltiu $t0, $a1, 10
  addiu $a1, $a1, '0'
  bnez $t0, 2f
  addiu $a1, $a1, 'a' - '0' - 10
2:
  bal put_char
  addiu $t5, $t5, -1
  bnez $t5, 1b
  jr $t6
endfunction put_hex

/* wait_second. Changes $t0-$t3. */
function wait_second
  lw $t0, HEADER_COUNT_RATE($a0)
  mfc0 $t1, CP0_COUNT
  lui $t2, COUNT_READS_HIGH
1:
  mfc0 $t3, CP0_COUNT
  subu $t3, $t3, $t1
  bgeu $t3, $t0, 2f
  addiu $t2, $t2, -1
  bnez $t2, 1b
2:
  jr $ra
endfunction wait_second

/* void fail(const struct Header*), behind a text that says what is wrong. Does not return: the
 * board's reset register, and the ROM's start where that is unknown or has no effect. */
function fail
  SAY "\r\nnothing is started; reset in 10 s\r\n"
  li $t5, SECONDS_BEFORE_RESET
1:
  bal wait_second
  addiu $t5, $t5, -1
  bnez $t5, 1b
  lw $t0, HEADER_RESET_REGISTER($a0)
  beqz $t0, 2f
  lui $t1, KSEG1_HIGH
  or $t0, $t0, $t1
  lw $t1, HEADER_RESET_VALUE($a0)
  sw $t1, 0($t0)
  sync
  bal wait_second
2:
  lui $t0, ROM_HIGH
  jr $t0
endfunction fail
