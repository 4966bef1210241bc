# The same; the addends stand in the fields.
 .text
 .byte 1,2,3,4,5
 .reloc ., R_386_NONE, out
 .quad 7
 .reloc ., R_386_32, out
 .quad 7
 .reloc ., R_386_PC32, out
 .quad 7
 .reloc ., R_386_GOT32, out
 .quad 7
 .reloc ., R_386_PLT32, out
 .quad 7
 .reloc ., R_386_COPY, out
 .quad 7
 .reloc ., R_386_GLOB_DAT, out
 .quad 7
 .reloc ., R_386_JUMP_SLOT, out
 .quad 7
 .reloc ., R_386_RELATIVE, out
 .quad 7
 .reloc ., R_386_GOTOFF, out
 .quad 7
 .reloc ., R_386_GOTPC, out
 .quad 7
 .reloc ., R_386_TLS_TPOFF, out
 .quad 7
 .reloc ., R_386_TLS_IE, out
 .quad 7
 .reloc ., R_386_TLS_GOTIE, out
 .quad 7
 .reloc ., R_386_TLS_LE, out
 .quad 7
 .reloc ., R_386_TLS_GD, out
 .quad 7
 .reloc ., R_386_TLS_LDM, out
 .quad 7
 .reloc ., R_386_16, out
 .quad 7
 .reloc ., R_386_PC16, out
 .quad 7
 .reloc ., R_386_8, out
 .quad 7
 .reloc ., R_386_PC8, out
 .quad 7
 .reloc ., R_386_TLS_LDO_32, out
 .quad 7
 .reloc ., R_386_TLS_IE_32, out
 .quad 7
 .reloc ., R_386_TLS_LE_32, out
 .quad 7
 .reloc ., R_386_TLS_DTPMOD32, out
 .quad 7
 .reloc ., R_386_TLS_DTPOFF32, out
 .quad 7
 .reloc ., R_386_SIZE32, out
 .quad 7
 .reloc ., R_386_TLS_GOTDESC, out
 .quad 7
 .reloc ., R_386_TLS_DESC_CALL, out
 .quad 7
 .reloc ., R_386_TLS_DESC, out
 .quad 7
 .reloc ., R_386_IRELATIVE, out
 .quad 7
 .reloc ., R_386_GOT32X, out
 .quad 7
 .reloc ., R_386_GNU_VTINHERIT, out
 .quad 7
 .reloc ., R_386_GNU_VTENTRY, out
 .quad 7
 .section .note.GNU-stack,""
