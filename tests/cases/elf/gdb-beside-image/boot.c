/* build: gcc -m16 -march=i386 -Os -g -gdwarf-4 -ffunction-sections -ffreestanding -fno-pic -fno-ipa-icf -fno-asynchronous-unwind-tables -c */
#include <welt/boot.h>
static int unused_function(int x) { return x * 3; }
int dead(int x) { return unused_function(x) + 17; }
__attribute__((noinline)) int add(int a, int b)
{
    int sum = a + b;
    return sum;
}
__attribute__((noinline)) int plus(int a, int b)
{
    int sum = a + b;
    return sum;
}
int main(void)
{
    int n = add(2, 3) + plus(4, 5);
    boot_print(n == 14 ? "yes" : "no");
    return 0;
}
