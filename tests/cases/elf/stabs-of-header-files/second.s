        .include "stab.inc"
        .text
        stab    "second.c", 0x64, 0, code
code:
        stab    "types.h", 0x82
        stab    "word:t(7,1)=r(7,1);0;65535;", 0x80
        stab    "inner.h", 0x82
        stab    "byte:t(9,1)=(7,1)", 0x80
        stab    "", 0xa2
        stab    "pair:T(7,2)=s4a:(7,1),0,16;;", 0x80
        stab    "", 0xa2
        stab    "types.h", 0x82
        stab    "word:t(7,1)=r(7,1);0;255;", 0x80
        stab    "", 0xa2
        stab    "second:F(7,1)", 0x24, 5, second
        .globl  second
second: line    5, second
        ret
        stab    "", 0x24, 0, 1
        .section .twice, "axG", @progbits, twice, comdat
        .globl  twice
        stab    "twice:F(7,1)", 0x24, 9, twice
twice:  line    9, twice
        ret
        stab    "", 0x24, 0, 1
        .bss
        stab    "room:S(7,1)", 0x28, 0, room
room:   .skip   4
