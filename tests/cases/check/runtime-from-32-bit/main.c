/* build: gcc -m32 -march=i386 -Os -ffreestanding -fno-pic -fno-stack-protector -fno-asynchronous-unwind-tables -c */
void *memcpy(void *to, const void *from, unsigned size);
extern char screen[], text[];
void measure(void);
int count;

int main(void)
{
    memcpy(screen, text, 20);
    measure();
    count++;
    return 0;
}
char screen[20], text[20] = "text";
