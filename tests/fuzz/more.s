# A member of the archive that the fuzzers' scripts and commands may name.
    .code16
    .globl more, wanted
    .text
more:
    call wanted
    ret
wanted:
    ret
