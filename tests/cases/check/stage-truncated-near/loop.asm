        bits 16
        global _start
_start: xor ax, ax
        mov ds, ax
        mov es, ax
        mov [drive], dl
        mov bx, 0x7e00
        mov cx, 2
next:   mov ax, 0x0201
        mov dx, [drive]
        int 0x13
        jc next
        add bx, 512
        inc cx
        cmp cx, 9
        jne next
        jmp stage
drive:  dw 0
        times 510 - ($ - $$) db 0
        dw 0aa55h
stage:  hlt
        jmp stage
        times 2000 db 0x90
