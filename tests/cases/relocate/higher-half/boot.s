# A kernel of the higher half: linked at 0xc0007c00, loaded at 0x7c00. Distances and physical addresses wrap at 4 GiB.
        .code32
        .globl _start
_start: movl $table - 0xc0000000, %eax
        movl table - 0xc0000000, %ebx
        call low
        .long _start - ., low - _start
table:  .long 0
        .section .low, "ax"
low:    jmp _start
        .long _start - low + 0xc0000000
