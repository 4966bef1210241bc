/* build: gcc -fno-pie -m32 -Os -ffreestanding -fno-pic -fno-stack-protector -fno-asynchronous-unwind-tables -c */
extern int step(int);
extern int count;
int count;
int main(void)
{
    count += step(count);
    return step(count) + count;
}
