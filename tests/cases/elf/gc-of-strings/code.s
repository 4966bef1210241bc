# One string of each section is used by live code, the other two by dead code or by none.
        .globl _start
_start: mov $used, %eax
        ret
        .section .text.dead, "ax"
        mov $unused, %eax
        .section .rodata.str1.1, "aMS", @progbits, 1
unused: .asciz "only dead code names this"
used:   .asciz "live code names this"
        .asciz "nobody names this"
        .section .rodata.dead.str1.1, "aMS", @progbits, 1
        .asciz "a section that nobody names"
