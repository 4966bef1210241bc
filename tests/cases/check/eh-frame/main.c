/* build: gcc -fno-pie -m16 -Os -ffreestanding -fno-pic -fno-stack-protector -fasynchronous-unwind-tables -c */
int main(void)
{
    return 0;
}
