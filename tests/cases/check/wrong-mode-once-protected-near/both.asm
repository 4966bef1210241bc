        bits 16
        global stop
print:  mov si, text
        mov al, [text]
        mov [text], al
        call again
again:  mov bx, text
        cmp bx, text
        jne print
        ret
        bits 32
stop:   cli
.halt:  hlt
        jmp .halt
text:   db 0
