# The second stage of a loader is no boot sector, whatever its size.
        .code16
        .globl _start
_start: hlt
        jmp _start
        .org 512
