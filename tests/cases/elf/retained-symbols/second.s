 .globl ext
 .text
lkeep: nop
ext: nop
.Lx: nop
