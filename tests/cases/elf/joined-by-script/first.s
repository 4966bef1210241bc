.text
.globl first
first: call gg
 call second
 mov va, %eax
.data
.globl va
va: .long 1
.long second
.bss
.space 5
.section .text.x,"ax"
nop
nop
nop
.section .rodata.str1.1,"aMS",@progbits,1
.string "hello"
.section .text.g,"axG",@progbits,gg,comdat
 .weak gg
gg: nop
 jmp first
.section .data.g,"awG",@progbits,gg,comdat
 .long gg
