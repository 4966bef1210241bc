        .code16
        .text
put:    mov $0x0e, %ah
        mov $7, %bx
        int $0x10
        ret
        .globl _start
_start: mov $'A', %al
        call put
1:      cli
        hlt
        jmp 1b
