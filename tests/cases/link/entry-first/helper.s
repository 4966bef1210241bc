        .code16
        .text
        .globl helper
helper: mov $0x1234, %ax
        ret
