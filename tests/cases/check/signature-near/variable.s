        .code16
        .globl _start, magic
_start: movw %cs:magic, %ax
1:      hlt
        jmp 1b
        .section .data.magic, "aw"
magic:  .byte 0x55, 0xaa
