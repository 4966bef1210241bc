        .code16
        .text
        .globl _start
_start: mov $local, %ax
        .data
        .skip 0x9000
local:  .byte 1
