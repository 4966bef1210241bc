/* SPDX-License-Identifier: MIT
 *
 * Port E9h, which Bochs listens to. */
#include <welt/boot.h>

int main(void)
{
    boot_debug_print("");
    boot_debug_print("to the debugger");
    boot_debug_putc('!');
    boot_debug_putc('\n');
    return 0;
}
