        bits 16
        global _start
_start: push cs
        pop ds
        push ds
        pop es
        cld
        mov si, text
        mov di, 0x500
        movsw
        lea bx, [si + 4]
done:   hlt
        jmp done
text:   db "text"
