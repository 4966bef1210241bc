/* build: clang -m16 -Oz -ffreestanding -fno-pic -fno-stack-protector -c */
#include <bios.h>

int main(void)
{
    bios_print("Hello from clang\r\n");
    return 0;
}
