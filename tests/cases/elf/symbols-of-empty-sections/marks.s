/* Marks at the front of every section, most of which hold nothing. */
    .globl text_mark, data_mark, bss_mark, table_mark, note_mark, weak_mark, _start
text_mark:
_start:
    movl $data_mark, %eax
    ret

    .data
data_mark:
local_mark:

    .bss
bss_mark:

    .section .table, "a"
table_mark:

    .section .weak_marks, "a", @nobits
    .weak weak_mark
weak_mark:

    .section .remark, ""
note_mark:
