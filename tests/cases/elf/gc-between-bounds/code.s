# What is between the bounds of `live' is named by live code, of `chained' by what that keeps, of
# `dead' by dead code; `beside' has no bounds, but the script puts it beside `live'.
.text
.globl _start
_start:
    movl $__start_live, %esi
    movl $__stop_live, %edi
.section .text.dead, "ax"
    movl $__start_dead, %esi
    movl dead_common, %eax
.comm common, 4
.comm beside_common, 400, 32
.comm dead_common, 4
.section live, "aw"
    .long __start_chained
    .long common
.section dead, "aw"
    .long 2
