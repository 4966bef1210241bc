    .globl _start
_start:
    .include "body.inc"
