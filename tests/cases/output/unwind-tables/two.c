/* build: gcc -m32 -march=i386 -O1 -ffreestanding -fno-pic -fasynchronous-unwind-tables -fcf-protection=none -ffunction-sections -c */
int one(int a);
void _start(void);
int data = 5;

void _start(void)
{
    data = one(data);
}
