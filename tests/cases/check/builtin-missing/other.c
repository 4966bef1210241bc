/* build: clang -m16 -Oz -ffreestanding -fno-pic -fno-asynchronous-unwind-tables -c */
long long divide(long long a, long long b);
long long divide(long long a, long long b)
{
    return a % b;
}
