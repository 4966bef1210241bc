# lld puts equal strings of all objects into one table, whose order is that of their hashes.
        .text
        .globl  _start
_start: jmp     .
        .section .rodata.str1.1, "aMS", @progbits, 1
s0:     .asciz  "disk"
s1:     .asciz  "drive"
s2:     .asciz  "sector"
s3:     .asciz  "track"
s4:     .asciz  "head"
s5:     .asciz  "boot"
s6:     .asciz  "load"
s7:     .asciz  "retry"
s8:     .asciz  "reset"
s9:     .asciz  "error"
s10:    .asciz  "read"
s11:    .asciz  "write"
s12:    .asciz  "video"
s13:    .asciz  "mode"
s14:    .asciz  "page"
s15:    .asciz  "line"
s16:    .asciz  "key"
s17:    .asciz  "timer"
s18:    .asciz  "memory"
s19:    .asciz  "map"
s20:    .asciz  "gate"
s21:    .asciz  "a20"
s22:    .asciz  "stack"
s23:    .asciz  "entry"
        .text
        .word   s0, s1, s2, s3, s4, s5
        .word   s6, s7, s8, s9, s10, s11
        .word   s12, s13, s14, s15, s16, s17
        .word   s18, s19, s20, s21, s22, s23
