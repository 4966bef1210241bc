/* build: clang -m16 -Oz -ffreestanding -fno-pic -fno-asynchronous-unwind-tables -c */
struct block { char bytes[300]; };
extern struct block from, to;
struct block from, to;
int fill(void);
int fill(void)
{
    to = from;
    return 0;
}
