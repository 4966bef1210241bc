        .code16
        .globl _start
_start: jmp stage2
        .long stage2, table + 4, table_alias
        .section .rodata.str1.1, "aMS", @progbits, 1
        .string "strings stay"
        .globl table_alias
        .set table_alias, 5
