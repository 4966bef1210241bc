/* build: gcc -m16 -march=i386 -Os -ffreestanding -fno-pic -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables -fcf-protection=none -c */
int helper(void);
int main(void)
{
    return helper() + 1;
}
