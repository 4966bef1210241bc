        bits 16
        global main
main:   mov ax, 3
        o32 ret
