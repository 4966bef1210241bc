        .section .boot.extra, "a"
        .globl extra
extra:  .fill 600, 1, 0x90
