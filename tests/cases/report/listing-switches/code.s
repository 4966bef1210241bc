# Functions that return in another mode than they were called in, directly and through a register;
# a table of jumps, and what stands before it to align it. cmd compares each instruction's place with
# the assembler's own listing.
        .code16
        .globl _start
_start:
        cli
        xorw %ax, %ax
        movw %ax, %ds
        movw %ax, %ss
        movw $0x7c00, %sp
        calll enter
        .code32
        movl $0x12345678, %eax
        movl %eax, value
        movl $back, %ebx
        call *%ebx
        .code16
        movw $0x1234, value
        movl $enter, %eax
        calll *%eax
        .code32
        movl $0x12345678, value
        call back
        .code16
        movw $0x1234, %ax
        movw %ax, value
        movw kind, %bx
        shlw %bx
        jmp *%cs:table(%bx)
one:
        movb $'1', %al
        jmp put
        .p2align 4
two:
        movb $'2', %al
        jmp put
        .p2align 4
table:  .word one, two, three
kind:   .word 1
three:
        movb $'3', %al
put:
        movb $0xe, %ah
        int $0x10
1:
        hlt
        jmp 1b
        .p2align 4
enter:
        lgdt gdtr
        movl %cr0, %eax
        orb $1, %al
        movl %eax, %cr0
        ljmpl $8, $2f
        .code32
2:
        movw $16, %ax
        movw %ax, %ds
        movw %ax, %es
        movw %ax, %ss
        ret
        .p2align 4
back:
        ljmp $24, $3f
        .code16
3:
        movl %cr0, %eax
        andb $0xfe, %al
        movl %eax, %cr0
        ljmp $0, $4f
4:
        xorw %ax, %ax
        movw %ax, %ds
        movw %ax, %ss
        retl
        .code32
        .p2align 4
gdt:    .quad 0, 0x00cf9a000000ffff, 0x00cf92000000ffff, 0x00009a000000ffff
gdtr:   .word gdtr - gdt - 1
        .long gdt
value:  .long 0
