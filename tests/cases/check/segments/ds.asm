        bits 16
        global _start
_start: mov al, [text]
done:   hlt
        jmp done
text:   db "text"
