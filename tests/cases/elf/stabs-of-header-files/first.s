        .include "stab.inc"
        .text
        stab    "first.c", 0x64, 0, code
code:
        stab    "types.h", 0x82
        stab    "word:t(1,1)=r(1,1);0;65535;", 0x80
        stab    "inner.h", 0x82
        stab    "byte:t(2,1)=(1,1)", 0x80
        stab    "", 0xa2
        stab    "pair:T(1,2)=s4a:(1,1),0,16;;", 0x80
        stab    "", 0xa2
        stab    "start:F(1,1)", 0x24, 3, start
        .globl  start
start:  line    3, start
        call    second
        line    4, end
end:    jmp     .
        stab    "", 0x24, 0, end-start
        stab    "", 0x24
        stab    "count:S(1,1)", 0x26, 0, count
        .section .twice, "axG", @progbits, twice, comdat
        .globl  twice
        stab    "twice:F(1,1)", 0x24, 9, twice
twice:  line    9, twice
        ret
        stab    "", 0x24, 0, 1
        .data
count:  .word   7
