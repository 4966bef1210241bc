        bits 16
        global _start
_start: cli
        times 70 nop
        hlt
        jmp _start
        times 446 - ($ - $$) db 0
        db 0x80, 0, 2, 0, 6, 0, 3, 0
        dd 1, 16
        times 510 - ($ - $$) db 0
        dw 0aa55h
