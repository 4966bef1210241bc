# build: as --x32
        .globl _start
_start: hlt
