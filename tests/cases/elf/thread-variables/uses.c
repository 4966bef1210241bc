// build: true
__thread int counter = 5;
static __thread long zero;
static __thread short near_zero[4]; /* two of the file's own: both from _TLS_MODULE_BASE_ */
extern __thread int elsewhere;
__thread char aligned[100] __attribute__((aligned(64)));

int get(void)
{
    return counter + elsewhere + (int)zero;
}

int *put(long value)
{
    zero = value;
    near_zero[value & 3]++;
    aligned[value] = 1;
    return &elsewhere;
}
