        bits 16
        global _start
_start: mov si, buffer
        hlt
        jmp _start
        section .bss
buffer: resb 16
