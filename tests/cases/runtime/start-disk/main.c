/* SPDX-License-Identifier: MIT
 *
 * A program of many sectors that looks whether all of them were loaded, and to the right places. */
#include <welt/boot.h>

#define WORDS 7000

extern const uint32_t table[WORDS];
static uint32_t initialized[3] = {1, 2, 3};
static char zeros[4000];

static unsigned wrong_words(void)
{
    unsigned wrong = 0;
    uint32_t value = 1;
    for (unsigned index = 0; index < WORDS; index++) {
        wrong += ((const volatile uint32_t *)table)[index] != value;
        value = value * 1664525 + 1013904223;
    }
    return wrong;
}

static unsigned wrong_zeros(void)
{
    unsigned wrong = 0;
    for (unsigned index = 0; index < sizeof zeros; index++)
        wrong += ((volatile char *)zeros)[index] != 0;
    return wrong;
}

int main(unsigned boot_drive)
{
    uint16_t es;
    __asm__ volatile("movw %%es, %0" : "=r"(es));
    boot_print_dec((uint32_t)__sector_count);
    boot_print(" sectors from drive ");
    boot_print_hex(boot_drive, 2);
    boot_print(": wrong are ");
    boot_print_dec(wrong_words());
    boot_print(" words, ");
    boot_print_dec(wrong_zeros() + es + (((volatile uint32_t *)initialized)[1] != 2));
    boot_print(" others\n");
    return 0;
}
