/* SPDX-License-Identifier: MIT
 *
 * The A20 gate: closed by port 92h, opened by the BIOS; and opened by the other two ways while an
 * int 15h of this program's own says that it does not know. */
#include <welt/boot.h>

void refuse(void);
__asm__(".pushsection .text.refuse, \"ax\", @progbits\n"
        ".globl refuse\n"
        "refuse:\n"
        "pushw %bp\n"
        "movw %sp, %bp\n"
        "orb $1, 6(%bp)\n"
        "popw %bp\n"
        "movb $0x86, %ah\n"
        "iretw\n"
        ".popsection");

static void close_gate(void)
{
    boot_out8(0x92, boot_in8(0x92) & 0xfc);
}

static void report(const char *what)
{
    boot_print(what);
    boot_print(boot_a20_enabled() ? ": open\n" : ": closed\n");
}

/* The test must see the memory and not disturb it. */
static unsigned vector_is_kept(void)
{
    uint16_t before = boot_peek16(0x200);
    boot_a20_enabled();
    return boot_peek16(0x200) == before;
}

int main(void)
{
    close_gate();
    report("after closing");
    boot_print(vector_is_kept() ? "kept\n" : "not kept\n");
    boot_print(boot_a20_enable() ? "refused\n" : "done\n");
    report("after opening");
    boot_print(vector_is_kept() ? "kept\n" : "not kept\n");
    close_gate();
    boot_poke32(0x15 * 4, (uint32_t)refuse);
    boot_print(boot_a20_enable() ? "refused\n" : "done\n");
    report("after opening without the BIOS");
    boot_print(boot_a20_enable() ? "refused\n" : "done\n");
    return 0;
}
