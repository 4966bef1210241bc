        bits 16
        global _start
_start: cli
        hlt
        jmp _start
        times 510 - ($ - $$) db 0
        db 0xaa, 0x55
