        .globl _start
_start: call answer
