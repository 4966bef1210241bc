# build: as --32 -g
        .code16
        .globl _start
_start: nop
        call missing
        hlt
