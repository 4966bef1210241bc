/* All code is in a section of its own; gas makes an empty .text beside it. */
    .section .boot, "ax"
    .globl first
first:
    ret

    .section .numbers, "aw"
    .long 1
