        bits 16
        global _start
_start: cli
        times 70 nop
        hlt
        jmp _start
        times 510 - ($ - $$) db 0
        dw 0aa55h
