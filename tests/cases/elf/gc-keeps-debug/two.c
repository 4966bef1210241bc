/* build: gcc -m32 -gdwarf-4 -O1 -ffreestanding -fno-pic -fno-pie -fcf-protection=none -ffunction-sections -fasynchronous-unwind-tables -c */
int unused(int number);
int unused(int number)
{
    return number + 1;
}
