        .code16
        .globl stage2, table
stage2: movw $text, %si
        call table
        ret
        .data
        .globl table
table:  .long stage2, table, text, room
        .section .rodata.str1.1, "aMS", @progbits, 1
        .string "strings stay"
text:   .string "strings stay"
        .bss
room:   .skip 8
