        .section .start, "ax"
        .globl _start
_start: ret
        .section .table, "aw"
        .long __start_entries, __stop_entries, shared
        .comm shared, 4, 4
        .section entries, "aw"
        .long 1
        .section .note.GNU-stack, ""
