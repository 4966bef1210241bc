# build: as --64
# Every type that an object may hand on, of the names that gas knows.
 .text
 .byte 1,2,3,4,5
 .reloc ., R_X86_64_NONE, out+5
 .quad 7
 .reloc ., R_X86_64_64, out+5
 .quad 7
 .reloc ., R_X86_64_PC32, out+5
 .quad 7
 .reloc ., R_X86_64_GOT32, out+5
 .quad 7
 .reloc ., R_X86_64_PLT32, out+5
 .quad 7
 .reloc ., R_X86_64_COPY, out+5
 .quad 7
 .reloc ., R_X86_64_GLOB_DAT, out+5
 .quad 7
 .reloc ., R_X86_64_JUMP_SLOT, out+5
 .quad 7
 .reloc ., R_X86_64_RELATIVE, out+5
 .quad 7
 .reloc ., R_X86_64_GOTPCREL, out+5
 .quad 7
 .reloc ., R_X86_64_32, out+5
 .quad 7
 .reloc ., R_X86_64_32S, out+5
 .quad 7
 .reloc ., R_X86_64_16, out+5
 .quad 7
 .reloc ., R_X86_64_PC16, out+5
 .quad 7
 .reloc ., R_X86_64_8, out+5
 .quad 7
 .reloc ., R_X86_64_PC8, out+5
 .quad 7
 .reloc ., R_X86_64_DTPMOD64, out+5
 .quad 7
 .reloc ., R_X86_64_DTPOFF64, out+5
 .quad 7
 .reloc ., R_X86_64_TPOFF64, out+5
 .quad 7
 .reloc ., R_X86_64_TLSGD, out+5
 .quad 7
 .reloc ., R_X86_64_TLSLD, out+5
 .quad 7
 .reloc ., R_X86_64_DTPOFF32, out+5
 .quad 7
 .reloc ., R_X86_64_GOTTPOFF, out+5
 .quad 7
 .reloc ., R_X86_64_TPOFF32, out+5
 .quad 7
 .reloc ., R_X86_64_PC64, out+5
 .quad 7
 .reloc ., R_X86_64_GOTOFF64, out+5
 .quad 7
 .reloc ., R_X86_64_GOTPC32, out+5
 .quad 7
 .reloc ., R_X86_64_GOT64, out+5
 .quad 7
 .reloc ., R_X86_64_GOTPCREL64, out+5
 .quad 7
 .reloc ., R_X86_64_GOTPC64, out+5
 .quad 7
 .reloc ., R_X86_64_GOTPLT64, out+5
 .quad 7
 .reloc ., R_X86_64_PLTOFF64, out+5
 .quad 7
 .reloc ., R_X86_64_SIZE32, out+5
 .quad 7
 .reloc ., R_X86_64_SIZE64, out+5
 .quad 7
 .reloc ., R_X86_64_GOTPC32_TLSDESC, out+5
 .quad 7
 .reloc ., R_X86_64_TLSDESC_CALL, out+5
 .quad 7
 .reloc ., R_X86_64_TLSDESC, out+5
 .quad 7
 .reloc ., R_X86_64_IRELATIVE, out+5
 .quad 7
 .reloc ., R_X86_64_RELATIVE64, out+5
 .quad 7
 .reloc ., R_X86_64_GOTPCRELX, out+5
 .quad 7
 .reloc ., R_X86_64_REX_GOTPCRELX, out+5
 .quad 7
 .reloc ., R_X86_64_GNU_VTINHERIT, out+5
 .quad 7
 .reloc ., R_X86_64_GNU_VTENTRY, out+5
 .quad 7
 .section .note.GNU-stack,""
