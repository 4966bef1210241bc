/* build: gcc -m32 -march=i386 -O1 -ffreestanding -fno-pic -fasynchronous-unwind-tables -fcf-protection=none -ffunction-sections -c */
int one(int a);
int unused(int a);
const char *const words[] = {"ax", "bx", "x", "cx"};

int one(int a)
{
    return a + 1;
}

int unused(int a)
{
    return one(a) * 2;
}
