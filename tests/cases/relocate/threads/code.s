        .code32
        .globl _start
_start: movl %gs:variable@ntpoff, %eax
        hlt
        .section .tdata, "awT"
variable: .long 1
