extern int other(int), table[], weight __attribute__((weak));
int table[4] = {1, 2, 3, 4}, zero[8];
const char *names[] = {"one", "two"};

static int local(int x)
{
    return table[x & 3] + zero[0];
}

int (*called)(int) = local;

int start(int x)
{
    return called(x) + other(x) + names[0][0];
}
