        .code16
        .text
        .globl four
four:   ret
