/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: The trxkit authors */
/*
 * Stands in for a kernel: prints what it was started with and resets the emulated board. Its first
 * byte is not its entry; whoever starts it there is told so.
 */
#define UART 0xb80003f8
#define RESET_REGISTER 0xbf000500
#define RESET_VALUE 0x42

  .section .text.start, "ax", @progbits
  .global start
first:
  la $t0, wrong_entry
  b say_and_reset
  .space 0x400

start:
  .set noreorder
  bal 1f
   nop
1:
  .set reorder
  addiu $s4, $ra, start - 1b
  move $s0, $a0
  move $s1, $a1
  move $s2, $a2
  move $s3, $a3
  la $a0, text_arguments
  jal say
  move $a0, $s0
  jal hex
  move $a0, $s1
  jal hex
  move $a0, $s2
  jal hex
  move $a0, $s3
  jal hex
  la $a0, text_entry
  jal say
  move $a0, $s4
  jal hex
  la $a0, text_status
  jal say
  mfc0 $a0, $12
  jal hex
  mfc0 $a0, $15, 1
  jal hex
  la $t0, text_end

say_and_reset:
  move $a0, $t0
  jal say
  li $t0, RESET_REGISTER
  li $t1, RESET_VALUE
  sw $t1, 0($t0)
2:
  b 2b

say:
  li $t0, UART
3:
  lbu $t1, 0($a0)
  addiu $a0, $a0, 1
  beqz $t1, 4f
  sb $t1, 0($t0)
  b 3b
4:
  jr $ra

hex:
  li $t0, UART
  li $t1, ' '
  sb $t1, 0($t0)
  li $t2, 8
5:
  rotr $a0, $a0, 28
  andi $t1, $a0, 15
  sltiu $t3, $t1, 10
  addiu $t1, $t1, '0'
  bnez $t3, 6f
  addiu $t1, $t1, 'a' - '0' - 10
6:
  sb $t1, 0($t0)
  addiu $t2, $t2, -1
  bnez $t2, 5b
  jr $ra

  .section .rodata
text_arguments:
  .asciz "registers: arguments"
text_entry:
  .asciz "; entry"
text_status:
  .asciz "; Status and EBase"
text_end:
  .asciz "; end\r\n"
wrong_entry:
  .asciz "registers: started at the first byte, not at the entry\r\n"
