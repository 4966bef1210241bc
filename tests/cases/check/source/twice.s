# build: as --32 -g
        .code16
        nop
        .globl _start
_start: hlt
