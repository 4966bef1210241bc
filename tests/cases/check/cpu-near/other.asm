        bits 16
        global _start
_start: xor ax, ax
        mov ds, ax
        mov al, [data]
        jcxz done
        shl ax, 1
        loop _start
done:   hlt
        jmp done
data:   db 66h, 0fh, 0a2h
