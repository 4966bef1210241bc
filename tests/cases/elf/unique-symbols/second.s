/* What C++ makes of a static variable of an inline function, and of constructors under one name of a group. */
    .section .text.make, "axG", @progbits, constructors, comdat
    .weak make, make_base
make:
make_base:
    ret

    .section .bss.counter, "awG", @nobits, counter, comdat
    .type counter, @gnu_unique_object
    .size counter, 4
counter:
    .skip 4

    .text
    .globl second
second:
    call make
    incl counter
    ret
