/* build: gcc -m16 -march=i386 -Os -mpreferred-stack-boundary=2 -ffreestanding -fno-pic -fno-pie -fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables -c */
extern volatile int total;
volatile int total;
void add(int much);

void add(int much)
{
    total = total + much;
}
