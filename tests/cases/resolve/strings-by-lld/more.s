        .text
        .section .rodata.str1.1, "aMS", @progbits, 1
s0:     .asciz  "video"
s1:     .asciz  "mode"
s2:     .asciz  "page"
s3:     .asciz  "line"
s4:     .asciz  "key"
s5:     .asciz  "timer"
s6:     .asciz  "memory"
s7:     .asciz  "map"
s8:     .asciz  "gate"
s9:     .asciz  "a20"
s10:    .asciz  "stack"
s11:    .asciz  "entry"
s12:    .asciz  "kernel"
s13:    .asciz  "image"
s14:    .asciz  "size"
s15:    .asciz  "volume"
s16:    .asciz  "label"
s17:    .asciz  "root"
s18:    .asciz  "file"
s19:    .asciz  "name"
s20:    .asciz  "cluster"
s21:    .asciz  "table"
        .text
        .word   s0, s1, s2, s3, s4, s5
        .word   s6, s7, s8, s9, s10, s11
        .word   s12, s13, s14, s15, s16, s17
        .word   s18, s19, s20, s21
