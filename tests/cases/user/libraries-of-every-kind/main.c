#include <welt/boot.h>

extern const char *who;
int square(int);
__attribute__((weak)) const char *name(void)
{
    return "weak ";
}

int main(void)
{
    boot_print(who);
    boot_print(name());
    boot_print_dec((uint32_t)square(12));
    return 0;
}
