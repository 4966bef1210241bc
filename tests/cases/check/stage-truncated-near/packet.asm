        bits 16
        global _start
_start: xor ax, ax
        mov ds, ax
        mov si, packet
        mov ah, 0x42
        int 0x13
        jc _start
        jmp stage
packet: db 16, 0
        dw 3, 0x7e00, 0
        dq 1
        times 510 - ($ - $$) db 0
        dw 0aa55h
stage:  hlt
        jmp stage
        times 1100 db 0x90
