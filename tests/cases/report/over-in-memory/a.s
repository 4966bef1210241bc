# 128 bytes of a region of 64: the code that uses them takes none of it.
.code16
.globl _start
.section .text._start, "ax"
_start: call use
        mov $other, %di
1:      jmp 1b
.section .text.use, "ax"
.type use, @function
use:    mov $buffer, %di
        mov $table, %si
        ret
.section .bss.buffer, "aw", @nobits
.type buffer, @object
buffer: .space 60
.section .bss.table, "aw", @nobits
.type table, @object
table:  .space 60
.section .bss.other, "aw", @nobits
.type other, @object
other:  .space 8
