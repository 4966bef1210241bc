/* SPDX-License-Identifier: 0BSD
 *
 * An option ROM: the BIOS finds it, calls it before it boots anything, and goes on.
 *
 *     gcc -m16 -march=i386 -Os -ffreestanding -fno-pic -fno-stack-protector -I../../include \
 *         -c rom.c
 *     welt --layout rom rom.o -o hello.rom
 *     qemu-system-i386 -option-rom hello.rom
 *
 * It runs in the segment where the BIOS put it, with a stack of its own at its end. Initialized
 * data can be changed while it runs, because the BIOS calls its copy in memory. */
#include <welt/boot.h>

static char greeting[] = "hello from an option ROM";
static char line[80];

int main(void)
{
    greeting[0] = 'H';
    boot_print(strcat(strcpy(line, greeting), "\n"));
    return 0;
}
