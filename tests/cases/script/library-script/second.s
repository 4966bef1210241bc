        .code16
        .globl second
second: ret
