        .code16
        .globl  _start
_start:
        .rept   25
        call    nowhere
        .endr
