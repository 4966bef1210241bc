        bits 16
        global _start
_start: xor ax, ax
        mov es, ax
        cld
        mov di, buffer
        mov cx, 16
        rep stosb
        hlt
        jmp _start
        section .bss
buffer: resb 16
