/* SPDX-License-Identifier: MIT
 *
 * The console functions, and that they keep the registers that a callee has to keep. */
#include <welt/boot.h>

static uint16_t cursor(void) /* of page 0, in the BIOS data area: row and column */
{
    return boot_peek16(0x450);
}

static unsigned registers_are_kept(void)
{
    uint32_t bx = 0x12345678, si = 0x23456789, di = 0x3456789a;
    __asm__ volatile("calll boot_putc" : "+b"(bx), "+S"(si), "+D"(di) : "a"('\n') : "ecx", "edx");
    return bx == 0x12345678 && si == 0x23456789 && di == 0x3456789a;
}

int main(void)
{
    boot_delay(3); /* SeaBIOS may still be sending its own words down the serial line */
    boot_clear();
    unsigned is_cleared = cursor() == 0;
    boot_set_cursor(5, 60);
    unsigned is_set = cursor() == 0x053c;
    boot_clear();
    boot_delay(3);
    boot_print("first\nsecond");
    boot_putc('!');
    boot_putc('\n');
    boot_print("");
    boot_print_hex(0, 1);
    boot_print_hex(0x12abcdef, 8);
    boot_putc(' ');
    boot_print_hex(0x12abcdef, 4);
    boot_print_hex(0x99a, 2);
    boot_putc('\n');
    boot_print_dec(0);
    boot_putc(' ');
    boot_print_dec(10);
    boot_putc(' ');
    boot_print_dec(4294967295u);
    boot_print(registers_are_kept() ? "kept" : "lost");
    boot_print(is_cleared ? " cleared" : " not cleared");
    boot_print(is_set ? " set\n" : " not set\n");
    for (unsigned line = 0; line < 30; line++)
        boot_print("\n");
    boot_print("scrolled\n");
    return 0;
}
