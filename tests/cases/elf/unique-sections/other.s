    .globl second
second:
    .include "body.inc"
