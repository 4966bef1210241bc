/* build: gcc -fno-pie -m16 -O2 -march=i386 -ffreestanding -fno-pic -fno-stack-protector -fno-asynchronous-unwind-tables -c */
struct block {
    int words[8];
};
extern struct block from, to;
struct block from, to;
int main(void)
{
    to = from;
    return 0;
}
