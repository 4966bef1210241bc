        bits 16
        global _start
        extern cmain
_start: xor ax, ax
        mov ds, ax
        mov es, ax
        call word cmain
done:   hlt
        jmp done
