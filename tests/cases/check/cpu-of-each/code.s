# An instruction of every kind by which a processor is known, in order of the processors.
        .code16
        .globl _start
        .type _start, @function
_start: fldz
        lahf
        jcxz 1f
        movb %bl, %ah
1:      enter $2, $0
        smsw %ax
        jc 2f
        .skip 200, 0x90
2:      sete %al
        imul %bx, %ax
        pushw %fs
        popw %fs
        pushw %gs
        popw %gs
        movw %ax, %fs
        movw %gs, %bx
        movb %fs:4, %al
        movb %gs:4, %al
        movl %cr0, %eax
        addr32 movb (%ebx), %al
        xaddw %ax, %bx
        wbinvd
        rdtsc
        emms
        rdpmc
        nopw (%bx)
        fcmovb %st(1), %st
        ud2
        .size _start, . - _start
