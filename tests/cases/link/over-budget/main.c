#include <bios.h>

int small(int n);

/* 600 bytes of code that nothing can make smaller. */
__attribute__((noinline)) static void large(void)
{
    __asm__ volatile(".fill 600, 1, 0x90");
}

__attribute__((noinline)) static void middle(void)
{
    __asm__ volatile(".fill 100, 1, 0x90");
}

int main(void)
{
    large();
    middle();
    return small(1);
}
