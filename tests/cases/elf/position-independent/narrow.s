        .globl  start
start:  movl    $start, %eax
