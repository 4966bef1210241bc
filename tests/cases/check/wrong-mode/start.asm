; no `bits 16': nasm assembles for 32 bits
        global _start
_start: mov esi, text
        call print
        mov [count], eax
        hlt
        jmp _start
print:  lodsb
        mov edi, [where]
        ret
text:   db "text", 0
where:  dd 0
count:  dd 0
