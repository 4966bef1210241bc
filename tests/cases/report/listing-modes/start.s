        .code16
        .globl _start
_start: movw $1, value
        ljmp $8, $kernel
