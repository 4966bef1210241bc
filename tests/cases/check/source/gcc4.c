/* build: gcc -fno-pie -m16 -gdwarf-4 -Os -ffreestanding -fno-pic -fno-stack-protector -fno-asynchronous-unwind-tables -c */
extern int missing(int number);
int main(void)
{
    int number = missing(3);

    return missing(number);
}
