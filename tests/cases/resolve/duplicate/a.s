        .code16
        .text
        .globl _start, twice
_start: call twice
twice:  ret
