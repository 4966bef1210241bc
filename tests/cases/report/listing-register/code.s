# Calls through registers that were given an address, of functions that return in another mode, and
# no reference behind them: cmd compares each instruction's place with the assembler's own listing.
        .code16
        .globl _start
_start:
        cli
        movl $enter, %eax
        calll *%eax
        .code32
        movl $0x12345678, %edx
        movl $0x1000, %ecx
loop:
        decl %ecx
        jnz loop
        movl $back, %esi
        call *%esi
        .code16
        movw $0x1234, %dx
        movw $0x0e31, %ax
        int $0x10
stop:
        hlt
        jmp stop
enter:
        lgdt gdtr
        movl %cr0, %eax
        orb $1, %al
        movl %eax, %cr0
        ljmpl $8, $1f
        .code32
1:
        movw $16, %ax
        movw %ax, %ds
        movw %ax, %ss
        ret
back:
        ljmp $24, $2f
        .code16
2:
        movl %cr0, %eax
        andb $0xfe, %al
        movl %eax, %cr0
        ljmp $0, $3f
3:
        xorw %ax, %ax
        movw %ax, %ds
        movw %ax, %ss
        retl
gdt:    .quad 0, 0x00cf9a000000ffff, 0x00cf92000000ffff, 0x00009a000000ffff
gdtr:   .word gdtr - gdt - 1
        .long gdt
