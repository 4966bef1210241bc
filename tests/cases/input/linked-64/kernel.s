# build: as --64
        .globl kernel, table
kernel: mov $table, %rax
        hlt
        .data
table:  .quad kernel, table
