        bits 16
        global _start
_start: xor ax, ax
        mov ds, ax
        mov es, ax
        call prepare
        mov si, done
        mov di, 0x500
        mov cx, 4
        rep movsb
done:   hlt
        jmp done
prepare:
        cld
        ret
