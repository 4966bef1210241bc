# What PROVIDE offers may ask for what it offers further up, 40,000 times over; and of two offers of
# one name it is the one below who asks that counts (`walked', as in GNU ld).
        .code16
        .globl _start
_start: .long last
        .long walked
