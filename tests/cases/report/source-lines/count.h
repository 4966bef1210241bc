static inline __attribute__((always_inline)) int sum(int a, int b)
{
    return a + b;
}
