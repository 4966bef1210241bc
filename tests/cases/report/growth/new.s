# The helper has a compiler's suffix now and is longer, the message is another's, `extra` is new.
.code16
.globl _start
.section .text._start, "ax"
_start: call helper.isra.0
        call extra
1:      hlt
        jmp 1b
.section .text.helper, "ax"
helper.isra.0:
        mov $message, %si
        lodsb
        lodsb
        ret
extra:  ret
.section .rodata, "a"
message: .asciz "Hell"
