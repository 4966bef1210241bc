# build: as --64
        .globl _start
_start: lea wide(%rip), %rax
        .comm wide, 8, 0x100000000
