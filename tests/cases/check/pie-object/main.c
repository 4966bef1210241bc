/* build: gcc -m16 -Os -ffreestanding -fPIE -fno-asynchronous-unwind-tables -fno-stack-protector -c */
extern int counter;
int main(void)
{
    return ++counter;
}
