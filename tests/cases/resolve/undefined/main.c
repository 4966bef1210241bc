void screen_prnit(const char *text);

int main(void)
{
    screen_prnit("hello");
    screen_prnit("again");
    return 0;
}
