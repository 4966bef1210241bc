# build: as --64
    .globl _start
_start:
    mov asked@GOTPCREL(%rip), %rax
