void print_(void);
void print(void);

int main(void)
{
    print();
    return 0;
}
