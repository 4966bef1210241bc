static __attribute__((noinline)) void show(void)
{
    __asm__ volatile("nop");
}

void screen(void);

void screen(void)
{
    show();
    show();
}
