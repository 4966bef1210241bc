        bits 16
        global _start
_start: xor ax, ax
        mov ss, ax
        mov sp, top
done:   hlt
        jmp done
        section .bss
        resb 512
top:
