; A sector that is written as a whole: what fills it is no symbol's.
        bits 16
        global _start
_start: cld
        xor ax, ax
        mov ds, ax
        mov si, text
next:   lodsb
        mov ah, 0x0e
        int 0x10
        test al, al
        jnz next
done:   hlt
        jmp done
text:   db "whole", 0
        times 510 - ($ - $$) db 0
        dw 0xaa55
