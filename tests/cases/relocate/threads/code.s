        .code16
        .globl _start
_start: movl $variable@ntpoff, %eax
        hlt
        .section .tdata, "awT"
variable: .long 1
