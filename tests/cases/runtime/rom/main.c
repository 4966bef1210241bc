/* SPDX-License-Identifier: MIT
 *
 * Plays the BIOS for the ROM that lies on the disk behind this program: reads it to 2000:0000,
 * calls it twice and looks whether every register came back. */
#include <welt/boot.h>

#define ROM 0x20000

struct registers {
    uint32_t edi, esi, ebp, esp, ebx, edx, ecx, eax;
    uint16_t gs, fs, es, ds, flags;
} __attribute__((packed));

struct registers before, after;
void call_rom(void);

__asm__(".macro push_registers\n"
        "pushfw\n"
        "pushw %ds\n"
        "pushw %es\n"
        "pushw %fs\n"
        "pushw %gs\n"
        "pushal\n"
        ".endm\n"

        /* SS is 0: so is the segment of the copy. */
        ".macro copy_registers to\n"
        "movw %ss, %ax\n"
        "movw %ax, %ds\n"
        "movw %ax, %es\n"
        "cld\n"
        "movw %sp, %si\n"
        "movw $\\to, %di\n"
        "movw $42, %cx\n"
        "rep movsb\n"
        ".endm\n"

        ".macro pop_registers\n"
        "popal\n"
        "popw %gs\n"
        "popw %fs\n"
        "popw %es\n"
        "popw %ds\n"
        "popfw\n"
        ".endm\n"

        ".pushsection .text.call_rom, \"ax\", @progbits\n"
        ".globl call_rom\n"
        "call_rom:\n"
        "push_registers\n"
        "movl $0x12345678, %eax\n"
        "movw %ax, %ds\n"
        "movw %ax, %gs\n"
        "notw %ax\n"
        "movw %ax, %es\n"
        "movw %ax, %fs\n"
        "movl $0x23456789, %ebx\n"
        "movl $0x3456789a, %ecx\n"
        "movl $0x456789ab, %edx\n"
        "movl $0x56789abc, %esi\n"
        "movl $0x6789abcd, %edi\n"
        "movl $0x789abcde, %ebp\n"
        "std\n"
        "push_registers\n"
        "copy_registers before\n"
        "pop_registers\n"
        "lcallw $0x2000, $3\n"
        "push_registers\n"
        "copy_registers after\n"
        "pop_registers\n"
        "pop_registers\n"
        "retl\n"
        ".popsection");

int main(unsigned boot_drive)
{
    uint32_t first = 1 + (uint32_t)__sector_count;
    if (boot_disk_read(boot_drive, first, 1, ROM) ||
        boot_disk_read(boot_drive, first, boot_peek8(ROM + 2), ROM)) {
        boot_print("cannot read the ROM\n");
        return 1;
    }
    for (unsigned call = 0; call < 2; call++) {
        call_rom();
        boot_print(memcmp(&before, &after, sizeof before) ? "spoiled\n" : "kept\n");
    }
    return 0;
}
