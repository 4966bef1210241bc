# 32-bit code; decoded for 16 bits, the one without a reference would have an addps.
        .section .text.with, "ax"
        .globl _start
        .type _start, @function
_start: call leaf
        movl $0x12345678, %eax
        jmp _start
        .size _start, . - _start
        .section .text.leaf, "ax"
        .globl leaf
        .type leaf, @function
leaf:   movl $0x580f9090, %eax
        shll $2, %eax
        ret
        .size leaf, . - leaf
