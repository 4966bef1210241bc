    .include "inline.inc"

    .text
    .globl second
second:
    call make
    incl counter
    ret
