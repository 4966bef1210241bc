        .code16
        .globl _start
_start: ljmpl $8, $kernel
