/* build: gcc -m32 -Os -ffreestanding -fno-pic -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables -c */
int step(int number)
{
    return number + 1;
}
