/* What only the program calls, once, may go; what crt0 needs may not. */
#include <welt/boot.h>

int main(void)
{
    boot_print_hex(0x1234, 4);
    return 0;
}
