/* SPDX-License-Identifier: MIT
 *
 * A boot program that every driver compiles and links: .text, .rodata, .data and .bss. */
#include <welt/boot.h>

static unsigned loads = 1; /* .data */
static char line[16];      /* .bss */

int main(void)
{
    for (unsigned i = 0; i < sizeof line - 1; i++)
        line[i] = (char)('a' + i + loads);
    boot_print("linked by the driver: ");
    boot_print(line);
    return 0;
}
