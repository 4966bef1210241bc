void add(int much);
int main(void)
{
    add(1);
    add(2);
    return 0;
}
