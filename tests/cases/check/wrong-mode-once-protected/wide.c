/* build: gcc -m64 -march=x86-64 -mno-sse -Os -ffreestanding -fno-pic -fno-pie -fcf-protection=none -fno-asynchronous-unwind-tables -c */
extern volatile int shown;
volatile int shown = 3;
int helper(int add);
void kmain(void);

int helper(int add)
{
    shown += add;
    return shown;
}

void kmain(void)
{
    shown = helper(shown) + 1;
}
