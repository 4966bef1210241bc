        .code16
        .section .text._start, "ax"
        .globl _start
_start: call used
1:      hlt
        jmp 1b
        .section .text.unused, "ax"
unused: call unused2
        ret
        .section .text.unused2, "ax"
unused2: .fill 400, 1, 0x90
        .section .text.used, "ax"
used:   ret
        .section .data.unused, "aw"
        .fill 300
