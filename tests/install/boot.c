/* SPDX-License-Identifier: MIT
 *
 * A boot program that asks for the installed boot.h and for functions of the runtime. */
#include <welt/boot.h>

volatile unsigned long long big = 1000000007;

int main(void)
{
    big /= 10;
    boot_print("installed\r\n");
    return 0;
}
