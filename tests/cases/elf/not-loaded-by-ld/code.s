# What is not loaded, without relocations and with.
        .text
        .globl  _start
_start: ret
        .section .facts, ""
        .long   1
        .section .meta, ""
        .long   _start
        .section .comment, "MS", @progbits, 1
        .asciz  "a"
