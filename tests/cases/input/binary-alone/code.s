# build: as --64
.globl _start
_start:
    movq $_binary_blob_start, %rsi
    nop
