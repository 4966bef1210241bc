# build: as --64
        .globl _start
_start: push foo@GOTPCREL(%rip)         # no form without the table
        mov far@GOTPCREL(%rip), %rax    # no immediate holds it
        mov kept@GOTPCREL(%rip), %rax
        lea _GLOBAL_OFFSET_TABLE_(%rip), %rbx
        movabs $foo@GOTOFF, %rax
        movabs $foo@GOT, %rax
        movabs $_GLOBAL_OFFSET_TABLE_ - _start, %rax
        .data
        .globl foo, kept
foo:    .quad foo@SIZE
        .size foo, 8
kept:   .byte 1
        .globl far
        .set far, 0x123456789abc
