.globl _start
_start:
    nop
.section .rodata
    .long 1
.section .eh_frame, "a", @progbits
    .long 0
.section .init_array, "aw"
    .long _start
.data
    .long 2
.bss
    .space 4
