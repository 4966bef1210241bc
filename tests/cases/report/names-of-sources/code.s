        # What g++ and rustc make of game::move(int), which calls print(char const*) and core::fmt::Cell::write.
        .code16
        .globl  main, _ZN4game4moveEi, _Z5printPKc, _ZN4core3fmt4Cell5write17h0123456789abcdefE, _Z4deadv
        .section .text.main, "ax"
main:   calll   _ZN4game4moveEi
        retl
        .section .text.move, "ax"
_ZN4game4moveEi:
        calll   _Z5printPKc
        calll   _ZN4core3fmt4Cell5write17h0123456789abcdefE
        retl
        .section .text.print, "ax"
_Z5printPKc:
        .fill   40, 1, 0x90
        retl
        .section .text.write, "ax"
_ZN4core3fmt4Cell5write17h0123456789abcdefE:
        .fill   30, 1, 0x90
        retl
        .section .text.dead, "ax"
_Z4deadv: retl
