        .stabs  "second.c", 0x64, 0, 0, .Ltext
        .text
.Ltext:
        .stabs  "list.h", 0x82, 0, 0, 0
        .stabs  "list:T(3,1)=s8next:(3,2)=*(3,1),0,32;;", 0x80, 0, 0, 0
        .stabs  "types.h", 0x82, 0, 0, 0
        .stabs  "u32:t(4,4)=(0,8)", 0x80, 0, 0, 0
        .stabn  0xa2, 0, 0, 0
        .stabs  "color:T(3,3)=eRED:0,GREEN:1,;", 0x80, 0, 0, 0
        .stabn  0xa2, 0, 0, 0
        .stabs  "second:F(0,1)", 0x24, 0, 0, second
        .section .text.second, "ax"
        .globl  second
second: nop
        .stabn  0x44, 0, 5, 1
        ret
        .stabs  "", 0x24, 0, 0, 2
        .stabs  "never:F(0,1)", 0x24, 0, 0, never
        .section .text.never, "ax"
        .weak   never
never:  nop
        .stabn  0x44, 0, 6, 1
        ret
        .stabs  "", 0x24, 0, 0, 2
        .section .data.other, "aw"
other:  .long   1
        .stabs  "other:S(0,1)", 0x26, 0, 0, other
        .section .note.GNU-stack, ""
