static const volatile char data[600] = {1, 2, 3};
int main(void)
{
    return data[5];
}
