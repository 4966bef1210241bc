/* build: gcc -fno-pie -m16 -Os -ffreestanding -fno-pic -fno-stack-protector -fno-asynchronous-unwind-tables -c */
extern volatile int shown;
volatile int shown = 2;
int cmain(void)
{
    return shown;
}
