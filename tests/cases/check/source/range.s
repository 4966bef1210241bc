# build: as --32 -g
        .code16
        .globl _start
_start: hlt
        movb $_start, %al
