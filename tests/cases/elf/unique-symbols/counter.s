    .include "inline.inc"

    .text
    .globl _start, numbered
_start:
    call make
    incl counter
    ret
numbered = 5
