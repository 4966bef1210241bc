# A group named by nothing that is defined, as of C++'s constructors, and one named by what it defines.
        .section .text.made, "axG", @progbits, signature, comdat
        .globl  made
made:   ret
        .section .text.named, "axG", @progbits, named, comdat
        .weak   named
named:  ret
        .text
        .globl  _start
_start: call    made
        call    named
inner:  ret
