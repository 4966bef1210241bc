/* build: gcc -m16 -Os -mstringop-strategy=libcall -ffreestanding -fno-pic -fno-pie -fno-asynchronous-unwind-tables -c */
extern char block[300];
char block[300];
int fill(unsigned size);
int fill(unsigned size)
{
    __builtin_memset(block, 1, size);
    return 0;
}
