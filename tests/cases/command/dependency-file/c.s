    .globl bar
    .section .text.bar, "ax"
bar:
    ret
    .section .text.dead, "ax"
dead:
    .long foo
    .comm shared, 8, 4
