# What the fuzzers link beside their own bytes: code, strings, data, constants, a common, a weak symbol, functions of
# equal code, references of each width.
    .code16
    .globl _start, main, twin
    .section .text._start,"ax"
_start:
    mov $hello, %si
    mov $tail, %di
    call print
    call twin
    movl $table, %eax
    mov counter, %ax
    call nobody
1:  hlt
    jmp 1b
main:
    jmp _start
    .section .text.print,"ax"
print:
    lodsb
    test %al, %al
    jz 1f
    mov $0x0e, %ah
    int $0x10
    jmp print
1:  ret
    .section .text.twin,"ax"
twin:
    mov $0x1234, %ax
    ret
    .section .text.other,"ax"
other:
    mov $0x1234, %ax
    ret
    .section .rodata.str1.1,"aMS",@progbits,1
hello:
    .asciz "hello, world"
tail:
    .asciz "world"
    .section .rodata.cst4,"aM",@progbits,4
    .long 1, 2, 1
    .data
    .globl table
table:
    .long _start, hello, table
    .word other
    .byte 7
    .weak nobody
    .comm counter, 2, 2
    .bss
    .balign 16
room:
    .zero 40
