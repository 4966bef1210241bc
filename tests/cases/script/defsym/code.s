        .text
        .globl _start
_start: .long given, twice, entry
