; build: nasm -f elf64
bits 64
default rel
global far_away
extern flag, shared, kernel_main
section .text align=16
far_away:
        mov rax, [flag]
        mov rdx, shared
        lea rcx, [shared + 8]
        call kernel_main
        jmp short far_away
section .rodata align=8
        dq kernel_main, far_away + 5
        dd kernel_main
        dw far_away
