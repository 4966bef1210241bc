extern void show(const char *text);
void show(const char *text)
{
    __asm__ volatile("" : : "r"(text) : "memory");
}
int main(void)
{
    show("lost");
    return 0;
}
