/* SPDX-License-Identifier: 0BSD
 *
 * A boot sector in C.
 *
 *     gcc -m16 -march=i386 -Os -ffreestanding -fno-pic -fno-stack-protector -I../../include \
 *         -c hello.c
 *     welt hello.o -o boot.bin
 *     qemu-system-i386 -drive file=boot.bin,format=raw,if=floppy */
#include <welt/boot.h>

int main(void)
{
    boot_print("Hello from a boot sector!\n");
    return 0;
}
