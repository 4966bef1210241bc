# A program, and its signature as a section of its own.
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
.section .sig,"a"
.byte 0x55,0xaa
