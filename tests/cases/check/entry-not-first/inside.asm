        bits 16
        global _start
text:   db "text", 0
_start: hlt
        jmp _start
