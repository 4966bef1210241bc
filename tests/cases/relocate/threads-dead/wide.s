# build: as --64
        .section .text.dead, "ax"
        movl %fs:variable@tpoff, %eax
        .section .tdata, "awT"
variable: .long 1
