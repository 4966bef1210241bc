# SPDX-License-Identifier: MIT
#
# 7,000 words that main.c can compute again: 55 sectors.
    .section .rodata.table, "a", @progbits
    .globl table
table:
    .set value, 1
    .rept 7000
    .long value
    .set value, (value * 1664525 + 1013904223) & 0xffffffff
    .endr
