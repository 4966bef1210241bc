/* SPDX-License-Identifier: MIT
 *
 * What crt0_com promises, and the console functions under DOS. */
#include <welt/boot.h>

static char zeros[1000];
static int initialized = 7;

int main(void)
{
    unsigned wrong = 0;
    uint16_t ds;
    uint32_t esp;
    __asm__ volatile("movw %%ds, %0" : "=r"(ds));
    __asm__ volatile("movl %%esp, %0" : "=r"(esp));
    for (unsigned index = 0; index < sizeof zeros; index++)
        wrong += ((volatile char *)zeros)[index] != 0;
    boot_print(wrong ? "rubbish\n" : "zeroed\n");
    boot_print(esp < 0x10000 && esp > 0xff00 ? "stack at the end\n" : "stack elsewhere\n");
    boot_print(boot_linear(zeros) == ds * 16u + (uint32_t)zeros ? "linear\n" : "not linear\n");
    boot_print(boot_peek8(boot_linear("x")) == 'x' ? "read\n" : "not read\n");
    return *(volatile int *)&initialized;
}
