# build: as --64
/* 16-bit code in an ELF64 object: some projects assemble everything for one machine. */
        .code16
        .globl _start
_start: xorw %ax, %ax
        movw %ax, %ds
        movw $message, %si
print:  lodsb
        testb %al, %al
        jz done
        outb %al, $0xe9
        call teletype
        jmp print
done:   jmp finish
        .section .text.teletype, "ax"
teletype:
        movb $0x0e, %ah
        xorw %bx, %bx
        int $0x10
        ret
        .section .rodata.message, "a"
message: .string "sixteen bits in ELF64\n"
