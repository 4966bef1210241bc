// build: true
__thread int counter = 5;
static __thread long zero;
extern __thread int elsewhere;
__thread char aligned[100] __attribute__((aligned(64)));

int get(void)
{
    return counter + elsewhere + (int)zero;
}

int *put(long value)
{
    zero = value;
    aligned[value] = 1;
    return &elsewhere;
}
