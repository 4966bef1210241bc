# build: as --64
        .globl _start, last
_start: movq $low_end, %rax             # 32S: 0x80000000 is negative
        movq $low_end - 1, %rax         # fits
        movl $high, %eax                # 32: no negative number
        movl $four_gib, %eax
        movl $four_gib - 1, %eax        # fits
        movq $high, %rax                # fits
        call four_gib                   # PC32
        .word four_gib
        .byte one_byte
        movabs $four_gib, %rax
        .globl low_end, high, four_gib, one_byte
        .set low_end, 0x80000000
        .set high, -4096
        .set four_gib, 0x100000000
        .set one_byte, 256
