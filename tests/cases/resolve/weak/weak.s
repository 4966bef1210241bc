        .code16
        .text
        .globl _start
        .weak chosen, missing
_start: .word chosen, missing
        .long chosen, missing
chosen: .byte 0x11
