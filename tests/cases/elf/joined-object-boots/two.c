int shared_counter __attribute__((common));
static int factor = 2;
const char *names[] = {"zero", "joined "};
int twice(int x);

int twice(int x)
{
    return x * factor;
}
