/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: The trxkit authors */
/*
 * The end of what CFE does, on the emulated CPU: puts the unpacked part 1 where the board's boot
 * loader puts it and jumps to its first byte. QEMU starts it at 0x80700000, where CFE resides on the
 * Belkin F7D7301, with malta's arguments: $a0 count, $a1 and $a2 arrays of pointers, $a3 bytes of
 * RAM (QEMU hw/mips/malta.c). They lie where part 1 or the kernel will be: they move to the last MiB.
 */
#define ARGUMENTS 0x80002000
#define ARGUMENTS_SIZE 0x2000
#define POINTERS 16

  .section .text.start, "ax", @progbits
  .global start
start:
  b begin
/* Filled in by emulation/loader.py. */
source:
  .word 0
size:
  .word 0
target:
  .word 0
own_arguments:
  .word 0 /* 1: the next four words are the arguments, not QEMU's */
  .word 0, 0, 0, 0

begin:
  la $t0, own_arguments
  lw $t1, 0($t0)
  beqz $t1, move_arguments
  lw $a0, 4($t0)
  lw $a1, 8($t0)
  lw $a2, 12($t0)
  lw $a3, 16($t0)
  b place

move_arguments:
  li $t0, ARGUMENTS
  li $t1, 0x7ff00000 /* 0x80000000 less 1 MiB, and $a3 on top */
  addu $t1, $t1, $a3
  subu $t2, $t1, $t0 /* how far they move */
  addiu $t3, $t0, ARGUMENTS_SIZE
1:
  lw $t4, 0($t0)
  sw $t4, 0($t1)
  addiu $t0, $t0, 4
  addiu $t1, $t1, 4
  bne $t0, $t3, 1b
  addu $a1, $a1, $t2
  addu $a2, $a2, $t2
  addiu $t1, $t1, -ARGUMENTS_SIZE
  li $t3, POINTERS
2:
  lw $t4, 0($t1)
  beqz $t4, 3f
  addu $t4, $t4, $t2
  sw $t4, 0($t1)
3:
  addiu $t1, $t1, 4
  addiu $t3, $t3, -1
  bnez $t3, 2b

place:
  lw $t0, source
  lw $t1, target
  lw $t2, size
  addu $t2, $t2, $t0
4:
  lw $t4, 0($t0)
  sw $t4, 0($t1)
  addiu $t0, $t0, 4
  addiu $t1, $t1, 4
  bltu $t0, $t2, 4b
  lw $t1, target
  jr $t1
