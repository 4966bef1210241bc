/* SPDX-License-Identifier: MIT
 *
 * The keyboard functions: nothing at first, then a key that is seen before it is taken. */
#include <welt/boot.h>

int main(void)
{
    boot_print(boot_key_ready() ? "a key too early\n" : "no key\n");
    uint16_t seen;
    while (!(seen = boot_key_ready()))
        ;
    uint16_t key = boot_get_key();
    boot_print(seen == key ? "the same: " : "not the same: ");
    boot_putc(BOOT_KEY_CHARACTER(key));
    boot_print_hex(BOOT_KEY_SCAN_CODE(key), 2);
    boot_print(boot_key_ready() ? ", and another" : ", and no other\n");
    key = boot_get_key();
    boot_print_hex(key, 4);
    boot_print("\n");
    return 0;
}
