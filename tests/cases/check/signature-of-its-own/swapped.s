        .code16
        .globl _start
_start: cli
1:      hlt
        jmp 1b
        .section .sig, "a"
        .byte 0xaa, 0x55
