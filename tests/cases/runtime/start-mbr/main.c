/* SPDX-License-Identifier: MIT
 *
 * What crt0_mbr promises beyond crt0: the code runs below 0x800, the whole sector was copied, and
 * 0x7c00 is free. */
#include <welt/boot.h>

static int counter;

int main(unsigned boot_drive)
{
    const uint8_t *image = (const uint8_t *)__image_start;
    memset((void *)0x7c00, 0xf4, 512);
    counter++;
    boot_print((uint32_t)main < 0x800 ? "low, " : "high, ");
    boot_print(image[510] == 0x55 && image[511] == 0xaa ? "whole, " : "cut, ");
    boot_print(counter == 1 && !boot_drive ? "zeroed\n" : "rubbish\n");
    return 0;
}
