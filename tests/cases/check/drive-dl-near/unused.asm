        bits 16
        global _start
_start: xor dx, dx
        mov ax, 0x0e41
        int 0x10
done:   hlt
        jmp done

