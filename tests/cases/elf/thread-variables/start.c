// build: true
__thread int elsewhere = 7;
extern int get(void);
extern int *put(long);
int plain = 3;

void _start(void)
{
    *put(get() + plain) = 1;
    for (;;)
        ;
}
