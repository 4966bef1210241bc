/* SPDX-License-Identifier: MIT
 *
 * An option ROM that spoils every register it can. */
#include <welt/boot.h>

static unsigned calls;

int main(void)
{
    uint16_t cs, ss;
    __asm__ volatile("movw %%cs, %0" : "=r"(cs));
    __asm__ volatile("movw %%ss, %0" : "=r"(ss));
    calls++;
    boot_print("ROM at ");
    boot_print_hex(boot_linear(__image_start), 5);
    boot_print(cs == ss ? ", own stack, call " : ", foreign stack, call ");
    boot_print_dec(calls);
    boot_print("\n");
    __asm__ volatile("movw %w0, %%fs\n\tmovw %w0, %%gs" : : "r"(0x4444) : "ecx", "edx", "memory");
    return -1;
}
