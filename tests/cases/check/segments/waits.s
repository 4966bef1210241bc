# A halt with interrupts on goes on behind it.
        .code16
        .globl _start
_start: cli
        sti
        hlt
        insb (%dx), %es:(%di)
1:      hlt
        jmp 1b
