# build: as --64
        .data
table:  .quad   table, _start
