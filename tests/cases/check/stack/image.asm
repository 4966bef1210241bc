        bits 16
        global _start
_start: xor ax, ax
        mov ss, ax
        mov sp, 0x7c04
done:   hlt
        jmp done

