# build: as --64
    .globl _start
_start:
    mov big@GOTPCREL(%rip), %rax
    mov big@GOTPCREL(%rip), %ecx
    test %r9, big@GOTPCREL(%rip)
    cmp big@GOTPCREL(%rip), %edx
