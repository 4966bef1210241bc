    .globl _start
_start:
    .long v1, v2, v8, v64, v4
    .comm v1, 1, 1
    .comm v8, 8, 8
    .comm v2, 2, 2
    .comm v64, 64, 64
    .comm v4, 4, 4
