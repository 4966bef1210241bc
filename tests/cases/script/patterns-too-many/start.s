# 17,000 sections, and for each a pattern with two stars.
        .code16
        .globl _start
_start: .long 0x12345678
