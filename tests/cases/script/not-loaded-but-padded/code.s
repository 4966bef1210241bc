# Sections without "a": GNU ld loads them with what moves dot beside them, and only then.
    .text
    .globl _start
_start:
    .long table, other
    .section .table
table: .long 10
    .section .other
other: .long 11
