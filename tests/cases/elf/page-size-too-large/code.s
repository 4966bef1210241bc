        .text
        .globl _start
_start: jmp .
        .data
        .long 1
