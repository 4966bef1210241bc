/* build: gcc -m16 -Os -ffreestanding -fno-pic -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables -fcf-protection=none -c */
int main(void)
{
    return 7;
}
