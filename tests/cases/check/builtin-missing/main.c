unsigned long long divide(unsigned long long a, unsigned long long b);
unsigned long long divide(unsigned long long a, unsigned long long b)
{
    return a / b;
}
