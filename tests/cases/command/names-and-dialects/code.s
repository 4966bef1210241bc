# A dot inside a section: relative for GNU ld, absolute for lld.
    .globl _start
    .text
_start:
    hlt
