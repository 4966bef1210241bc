        .stabs  "first.c", 0x64, 0, 0, .Ltext
        .text
.Ltext:
        .stabs  "list.h", 0x82, 0, 0, 0
        .stabs  "list:T(1,1)=s8next:(1,2)=*(1,1),0,32;;", 0x80, 0, 0, 0
        .stabs  "types.h", 0x82, 0, 0, 0
        .stabs  "u32:t(12,4)=(0,4)", 0x80, 0, 0, 0
        .stabn  0xa2, 0, 0, 0
        .stabs  "before.h", 0xc2, 0, 0, 1234
        .stabs  "color:T(1,3)=eRED:0,GREEN:1,;", 0x80, 0, 0, 0
        .stabn  0xa2, 0, 0, 0
        .stabs  "first:F(0,1)", 0x24, 0, 0, first
        .section .text.first, "ax"
        .globl  first
first:  call    second
        .stabn  0x44, 0, 5, 1
        ret
        .stabs  "", 0x24, 0, 0, 2
        .data
count:  .long   1
        .stabs  "count:S(0,1)", 0x26, 0, 0, count
        .section .note.GNU-stack, ""
