        bits 16
        global _start
_start: xor ax, ax
        mov ds, ax
        mov es, ax
        mov [drive], dl
retry:  mov ax, 0x0200 + 15
        mov bx, 0x7e00
        mov cx, 2
        mov dh, 0
        mov dl, [drive]
        int 0x13
        jc retry
        call print
        jmp stage
print:  mov cx, 3
.more:  loop .more
        ret
drive:  db 0
        times 510 - ($ - $$) db 0
        dw 0aa55h
stage:  call print
        hlt
        jmp stage
        times 19 * 512 - 10 db 0x90
