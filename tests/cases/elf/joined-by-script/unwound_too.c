/* build: gcc -m32 -x c++ -g -gdwarf-4 -Os -fpic -ffreestanding -fcf-protection=none -fasynchronous-unwind-tables -c */
inline int __attribute__((noinline)) shared(int x)
{
    return x + 1;
}
int other(int x)
{
    return shared(x);
}
