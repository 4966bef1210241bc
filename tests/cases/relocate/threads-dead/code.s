        .code16
        .globl _start
_start: hlt
        jmp _start
        .section .text.dead, "ax"
        .code32
        movl %gs:variable@ntpoff, %eax
        .section .tdata, "awT"
variable: .long 1
