        .globl kernel, value
kernel: movl value, %eax
        call leaf
        jmp kernel
        .section .text.leaf, "ax"
leaf:   movl $0x12345678, %eax
        ret
        .data
value:  .long 0
