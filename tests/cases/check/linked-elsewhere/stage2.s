        .code16
        .globl stage2
stage2: movw $text, %si
        ret
        .data
text:   .string "text"
