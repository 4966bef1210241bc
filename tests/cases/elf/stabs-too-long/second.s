# 150 records whose strings are each the rest of one of a mebibyte: small to have, long to read.
        .stabs  "second.c", 0x64, 0, 0, first
        .text
        .globl  second
second:  ret
        .section .stab
        .rept   150
        .long   100
        .byte   0x80, 0
        .short  0
        .long   0
        .endr
        .section .stabstr
        .fill   1048576, 1, 'a'
        .byte   0
