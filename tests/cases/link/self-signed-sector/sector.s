        .code16
        .text
        .globl _start
_start: mov $0x0e53, %ax
        mov $7, %bx
        int $0x10
1:      cli
        hlt
        jmp 1b
        .org 510
        .byte 0x55, 0xaa
