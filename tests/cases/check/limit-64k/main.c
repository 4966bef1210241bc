/* build: gcc -m16 -Os -ffreestanding -fno-pic -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables -c */
extern char buffer[0x9000];
char buffer[0x9000];
int main(void)
{
    buffer[3] = buffer[5];
    return buffer[7];
}
