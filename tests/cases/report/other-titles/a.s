# A region of memory, a symbol and an object that are over, and one byte of something.
.code16
.globl _start
.section .text._start, "ax"
_start: call helper
1:      jmp 1b
.section .text.helper, "ax"
.type helper, @function
helper: ret
.section .debug_str, "MS", @progbits, 1
        .asciz "a string that is told of nowhere, and long enough"
        .asciz "a string that is told of nowhere, and long enough"
.section .rodata.str1.1, "aMS", @progbits, 1
        .asciz "a string that nothing reaches, it is \"long\" \\ enough"
        .asciz "that nothing reaches, it is \"long\" \\ enough"
