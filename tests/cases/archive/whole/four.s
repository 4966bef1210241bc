        .text
        .long 0x44444444
