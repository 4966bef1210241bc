# Debug information says where a thread's variable is. That is no mistake of its own.
        .globl  _start
        .code16
_start: movl    $own@ntpoff, %eax
        ret
        .section .tdata, "awT", @progbits
own:    .long   3
        .section .debug_info
        .long   own@dtpoff
