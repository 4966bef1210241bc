# The other helper.
.code16
.globl other
.section .text.other, "ax"
other:  call helper
        ret
.section .text.helper, "ax"
.type helper, @function
helper: mov $3, %bx
        ret
