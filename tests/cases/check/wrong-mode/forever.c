/* build: gcc -m64 -Os -ffreestanding -fno-pic -fno-stack-protector -fno-asynchronous-unwind-tables -fcf-protection=none -c */
int main(void)
{
    *(volatile unsigned short *)0xb8000 = 0x741;
    for (;;) {}
}
