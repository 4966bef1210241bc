        .globl traps
traps:  pusha
        movl count, %eax
        call handle
        popa
        addl $8, %esp
        iret
handle: incl count
        ret
        .comm count, 4
