        bits 16
        global _start
_start: xor ax, ax
        mov ds, ax
        mov es, ax
        mov [drive], dl
        xor dx, dx
        mov ax, 0x0201
        mov bx, 0x7e00
        mov cx, 2
        mov dl, [drive]
        int 0x13
done:   hlt
        jmp done
drive:  db 0
