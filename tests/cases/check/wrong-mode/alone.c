/* build: gcc -m32 -Os -ffreestanding -fno-pic -fno-stack-protector -fno-asynchronous-unwind-tables -fcf-protection=none -c */
int main(void)
{
    *(volatile unsigned char *)0x8000 = 0x74;
    return 5;
}
