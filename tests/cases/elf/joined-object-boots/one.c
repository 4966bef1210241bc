#include <bios.h>

int shared_counter __attribute__((common));
extern const char *names[];
int twice(int x);

int main(void)
{
    shared_counter = twice(20) + 2;
    bios_print(names[1]);
    bios_print_hex((unsigned)shared_counter);
    return 0;
}
