        bits 16
        global _start
_start: xor ax, ax
        mov ds, ax
        mov [drive], dl
        inc word [count]
        hlt
        jmp _start
        section .bss
drive:  resb 1
count:  resw 1
