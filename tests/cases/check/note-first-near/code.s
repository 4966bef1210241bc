        .code16
        .globl _start
_start: hlt
        jmp _start
        .section .note.gnu.property, "a", @note
        .long 4, 4, 5
        .asciz "GNU"
        .long 0
