# Orphans of every kind; in the default script some stand behind sections of the script.
        .text
        .globl  _start
_start: .long   signature, more, constants, zeroes

        .section .signature, "a"
signature:
        .short  0xaa55
        .section .later, "ax"
        .byte   0x90
        .section .more, "aw"
more:   .long   more
        .section .rodata, "a"
constants:
        .long   constants
        .section .ids, "a", @note
        .long   0, 0, 1
        .data
        .long   zeroes
        .bss
zeroes: .skip   8
