# build: as --32 -g
        .code16
        .globl  _start, again
_start: again: ret
