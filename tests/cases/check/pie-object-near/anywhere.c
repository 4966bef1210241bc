/* build: gcc -m32 -O2 -fPIE -ffreestanding -fno-stack-protector -fno-asynchronous-unwind-tables -c */
extern int counter;
int main(void)
{
    return ++counter;
}
