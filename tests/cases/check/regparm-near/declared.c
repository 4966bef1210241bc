/* build: gcc -m16 -march=i386 -mregparm=3 -g -Os -ffreestanding -fno-pic -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables -fcf-protection=none -ffunction-sections -c */
#include <welt/boot.h>
int main(void)
{
    boot_print("registers, as its type says");
    return 0;
}
