/* SPDX-License-Identifier: MIT
 *
 * boot.o and more.a as bytes of the fuzzers. The build names their folder with -Wa,-I. */
    .section .rodata
    .globl boot_object, boot_object_end, more_archive, more_archive_end
boot_object:
    .incbin "boot.o"
boot_object_end:
    .byte 0
more_archive:
    .incbin "more.a"
more_archive_end:
    .byte 0
    .section .note.GNU-stack,"",@progbits
