/* build: gcc -m16 -march=i386 -frecord-gcc-switches -Os -ffreestanding -fno-pic -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables -fcf-protection=none -ffunction-sections -c */
extern volatile unsigned long long number, by;
volatile unsigned long long number = 1000, by = 7;
int main(void)
{
    number = number / by;
    return 0;
}
