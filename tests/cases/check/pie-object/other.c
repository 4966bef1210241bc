/* build: clang -m16 -Oz -ffreestanding -fPIE -fno-asynchronous-unwind-tables -c */
extern int counter;
int main(void)
{
    return ++counter;
}
