/* build: gcc -m16 -Os -ffreestanding -fno-pic -fno-stack-protector -fno-asynchronous-unwind-tables -c */
int main(void)
{
    *(volatile unsigned char *)0x8000 = 0x74;
    return 5;
}
