/* SPDX-License-Identifier: MIT
 *
 * Ticks go on, and boot_delay waits for as many as it is told, over midnight too. */
#include <welt/boot.h>

#define TICKS_OF_A_DAY 0x1800b0

int main(void)
{
    uint32_t before = boot_ticks();
    boot_delay(0);
    boot_print(boot_ticks() - before < 2 ? "no delay\n" : "a delay of nothing\n");
    before = boot_ticks();
    boot_delay(5);
    uint32_t passed = boot_ticks() - before;
    boot_print(passed >= 5 && passed <= 6 ? "5 ticks\n" : "not 5 ticks\n");
    boot_poke32(0x46c, TICKS_OF_A_DAY - 2);
    boot_delay(4);
    boot_print(boot_ticks() < 6 ? "a new day\n" : "the same day\n");
    return 0;
}
