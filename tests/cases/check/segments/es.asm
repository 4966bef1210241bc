        bits 16
        global _start
_start: xor ax, ax
        mov ds, ax
        cld
        mov di, 0x500
        stosb
done:   hlt
        jmp done

