.section .text.h,"axG",@progbits,hh,comdat
 .weak hh
hh: nop
.section .data.h,"awG",@progbits,kk
 .long kk
 .globl kk
kk: .long 4
.section .rodata,"a"
.long 5
