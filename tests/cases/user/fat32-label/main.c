#include <welt/boot.h>

/* The volume's label and maker, out of the parameter block that this sector carries. */
static void print_field(unsigned offset, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        boot_putc(__image_start[offset + i]);
}

int main(void)
{
    print_field(3, 8);
    boot_putc('|');
    print_field(71, 11);
    boot_putc('|');
    print_field(82, 8);
    return 0;
}
