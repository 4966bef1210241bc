/* build: gcc -m32 -march=i386 -O2 -ffreestanding -fno-pic -fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables -c */
/* Says for ever what it has in registers: no relocation, no return. */
int main(void)
{
    const char text[] = "Hello";
    for (;;)
        for (int i = 0; i < 5; i++)
            __asm__ volatile("int $0x10" : : "a"(0x0e00 | text[i]), "b"(7));
}
