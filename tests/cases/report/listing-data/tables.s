        .code16
        .globl _start
_start: xorw %ax, %ax
        movw %ax, %ds
        movw $isr, 0x70
        movw %ax, 0x72
        movw $hello, %si
        call puts
        movb $0x41, %bl
        andw $3, %bx
        shlw $1, %bx
        jmp *.Ltable(%bx)
.Lone:  movw $1, %ax
        jmp 1f
.Ltwo:  movw $2, %ax
1:      cli
        hlt
hello:  .asciz "Hello"
.Ltable: .word .Lone, .Ltwo, .Lone, .Ltwo
puts:   lodsb
        testb %al, %al
        jz 2f
        movb $0x0e, %ah
        int $0x10
        jmp puts
2:      ret
        .balign 8
isr:    pusha
        incw ticks
        popa
        iret
ticks:  .word 0
chars:  .ascii "0123456789abcdef"
bits:   .byte 1, 2, 4, 8, 16, 32, 64, 128
        .globl unused
unused: pushw %ax
        popw %ax
        ret
