        .code16
        .text
        .globl _start, value
_start: mov value, %ax
1:      hlt
        jmp 1b
        .data
value:  .word 0x1234
