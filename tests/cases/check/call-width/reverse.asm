        bits 16
        global _start
_start: call dword print
done:   hlt
        jmp done
print:  push ax
        pop ax
        ret
