# An assembly file that no compiler wrote: no note about its stack, so that its sections come first.
        .text
        .globl  start, _start
start:
_start: call    first_function
        movl    $shared_table, %eax
        hlt
        .data
        .globl  counter
counter: .long  17
        .section .debug_made_up
        .long   start
        .section .fixed.at.7c3e
        .globl  fixed
fixed:  .long   counter
        .bss
        .comm   one_buffer, 32, 16
        .comm   other_buffer, 8, 4
