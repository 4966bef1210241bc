        bits 16
        global _start
_start: xor ax, ax
        mov ds, ax
        mov es, ax
        
        xor dx, dx
        mov ax, 0x0201
        mov bx, 0x7e00
        mov cx, 2
        
        int 0x13
done:   hlt
        jmp done

