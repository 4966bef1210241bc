# 900 sections of three patterns that sort differently, in no order.
        .altmacro
        .macro one family, number, align
        .section .\family\().\number, "a"
        .balign \align
        .long \number
        .endm
        .text
        .globl _start
_start: hlt
        .set i, 0
        .rept 300
        .set place, i * 7919 % 307
        one name, %place, %(1 << (i % 3))
        one align, %i, %(4 << (i * 31 % 5))
        one plain, %place, 1
        .set i, i + 1
        .endr
