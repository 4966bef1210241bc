/* build: gcc -m16 -march=i686 -O2 -ffreestanding -fPIC -fcf-protection=branch -fstack-protector-all -c */
int counter;
static const unsigned char unused_table[20] = "unused", table[4] = {1, 2, 3, 4};
__attribute__((noinline)) static int lookup(int x)
{
    return table[x & 3];
}
int used(int x)
{
    return lookup(x) * 5;
}
int unused(int x)
{
    return unused_table[x] * 3;
}
void __stack_chk_fail(void)
{
}
__attribute__((visibility("hidden"))) void __stack_chk_fail_local(void)
{
}
int main(void)
{
    return used(counter++);
}
