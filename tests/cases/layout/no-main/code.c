static int main(void)
{
    return 1;
}
int (*const keep)(void) = main;
