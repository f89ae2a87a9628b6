/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: The trxkit authors */
/* Entry of the decoder benchmark, and the streams that it decodes (PAYLOAD and ZBOOT, their files). */
  .section .text.start, "ax", @progbits
  .global start
start:
  la $sp, stack_end - 16
  jal bench
1:
  b 1b

  .section .rodata.payload
  .balign 16
  .global payload, payload_end, zboot, zboot_end
payload:
  .incbin PAYLOAD
payload_end:
  .space 64
zboot:
  .incbin ZBOOT
zboot_end:

  .section .bss
  .balign 16
  .space 65536
stack_end:
