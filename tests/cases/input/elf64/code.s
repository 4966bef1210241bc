# build: as --64
        .text
        .globl _start
_start: hlt
