        bits 16
        global _start
_start: mov ax, 0x07c0
        mov ss, ax
        mov sp, 0x0280
        mov si, buffer
done:   hlt
        jmp done
        section .bss
buffer: resb 1024
