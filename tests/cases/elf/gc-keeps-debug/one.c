/* build: gcc -m32 -gdwarf-4 -O1 -ffreestanding -fno-pic -fno-pie -fcf-protection=none -ffunction-sections -fasynchronous-unwind-tables -c */
int used(int number);
int used(int number)
{
    return number + 1;
}
