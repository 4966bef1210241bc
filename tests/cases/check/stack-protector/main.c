/* build: gcc -m16 -march=i386 -Os -ffreestanding -fno-pic -fno-pie -fstack-protector-all -fno-asynchronous-unwind-tables -c */
int main(void)
{
    char text[64];
    __asm__ volatile("" : : "r"(text) : "memory");
    return text[0];
}
