extern int counter;
int counter;
int main(void)
{
    return ++counter;
}
