# Two objects with a symbol of the same name each; the other one stands in an archive.
.code16
.globl _start, other
.section .text._start, "ax"
_start: call helper
        call other
1:      hlt
        jmp 1b
.section .text.helper, "ax"
.type helper, @function
helper: inc %ax
        ret
