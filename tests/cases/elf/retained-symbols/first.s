 .globl _start, keep, drop
 .text
_start: nop
keep: nop
drop: call ext
local: nop
lkeep: nop
 .weak wk
wk: nop
 .comm cm,4
