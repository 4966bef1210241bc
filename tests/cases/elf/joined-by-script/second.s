.text
.globl second
second: call gg
 call first
 mov vb, %eax
.data
.globl vb
vb: .long 1,2,3,5
.long first
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
 jmp second
.section .data.g,"awG",@progbits,gg,comdat
 .long gg
