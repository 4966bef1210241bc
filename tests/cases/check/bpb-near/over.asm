        bits 16
        global _start
_start: jmp short code
        nop
        db "WELT 1.0"
        times 62 - ($ - $$) db 0
code:   hlt
        jmp code
        times 510 - ($ - $$) db 0
        dw 0aa55h
