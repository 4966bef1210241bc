        .globl  word
        .data
word:   .long   1
        .section other_sig
        .byte   1
