/* build: gcc -m16 -march=i386 -Os -mpreferred-stack-boundary=2 -ffreestanding -fno-pic -fno-pie -fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables -c */
extern const char text[700];
const char text[700] = "long";
int main(int drive)
{
    return text[drive & 511];
}
