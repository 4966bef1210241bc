        .code16
        .globl _start
_start: xorw %ax, %ax
        movw %ax, %ds
        call clear
        movb $0x41, %ah
        int $0x13
1:      hlt
        jmp 1b
clear:  movw $0x184f, %dx
        movw $0x0600, %ax
        int $0x10
        ret
