/* Loads from the table in 16-bit code: with a 32-bit operand they become the address, with one of
 * 16 bits there is no room for it. Prints "ok" when all of them are right. */
        .code16
        .globl _start, text, print
_start: xorl %eax, %eax
        movw %ax, %ds
        movw %ax, %ss
        movw $0x7c00, %sp
        calll 1f
1:      popl %ebx
        addl $_GLOBAL_OFFSET_TABLE_ + (. - 1b), %ebx
        xorl %esi, %esi
        movl text@GOT(%ebx), %esi
        movl print@GOT(%ebx), %ecx
        calll *%ecx
        movw text@GOT(%ebx), %si
        incw %si
        calll *%ecx
halt:   hlt
        jmp halt
print:  lodsb
        movb $0x0e, %ah
        pushl %ebx
        xorw %bx, %bx
        int $0x10
        popl %ebx
        retl
        .data
text:   .ascii "ok"
