# What new.s is compared with.
.code16
.globl _start, helper
.section .text._start, "ax"
_start: call helper
1:      hlt
        jmp 1b
.section .text.helper, "ax"
helper: mov $message, %si
        ret
.section .rodata, "a"
message: .asciz "Hello"
