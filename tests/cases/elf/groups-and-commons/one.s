        .text
        .globl _start
_start: call pick
        .long common_one
        .section .text.pick,"axG",@progbits,pick,comdat
        .weak pick
pick:   ret
        .comm common_one,4,4
