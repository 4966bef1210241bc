# 302 bytes, and no signature.
.code16
.globl _start
.section .text
_start: mov $msg, %si
1: lodsb
 jmp 1b
.section .rodata
msg: .ascii "hello"
.space 290, 65
.byte 0
