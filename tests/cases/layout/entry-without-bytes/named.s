        .code16
        .section foo
        .globl _start
_start: jmp _start
