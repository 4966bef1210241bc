# build: as --64
    .globl _start
_start:
    ret
    .section .eh_frame, "a", @unwind
    .long 0x14, 0
    .byte 1
    .asciz "zR"
    .byte 1, 0x78, 0x10, 1, 0x1b, 0xc, 7, 8, 0x90, 1, 0, 0
first:
    .long 0x14, 0x1c
    .long _start - ., 1
    .long 0, 0
