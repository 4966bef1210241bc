extern int counter;
int counter;
int program(void);
int program(void)
{
    return ++counter;
}
