/* build: clang-19 -m16 -march=i386 -O0 -fno-pic -c */
/* The x87 is there from the start; libgcc's or compiler-rt's helpers for it are not needed. */
#include <welt/boot.h>

volatile double base = 1.5;

static double power(double value, int exponent)
{
    double result = 1;
    while (exponent-- > 0)
        result *= value;
    return result;
}

int main(void)
{
    __asm__ volatile("fninit");
    double value = power(base, 7) * 1000;
    boot_print_dec((uint32_t)value);
    boot_putc(' ');
    uint64_t product = (uint64_t)value * 1000003u;
    boot_print_hex((uint32_t)(product >> 32), 8);
    boot_print_hex((uint32_t)product, 8);
    return 0;
}
