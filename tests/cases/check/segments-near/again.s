# A label behind a halt, and int 18h: data follows both.
        .code16
        .globl _start
_start: cmpb $0x80, %dl
        jne 1f
        hlt
first:  .asciz "lo"
1:      int $0x18
        .asciz "lo"
