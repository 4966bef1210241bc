# Ten functions of ten bytes.
.code16
.globl _start
.section .text._start, "ax"
_start:
.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
        call f\n
.endr
        ret
.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
.section .text.f\n, "ax"
.type f\n, @function
f\n:    .fill 9, 1, 0x90
        ret
.endr
