/* SPDX-License-Identifier: 0BSD
 *
 * A .COM program for DOS: writes its arguments, or a greeting when it has none, to the standard
 * output. It ends with the number of characters that the arguments have.
 *
 *     gcc -m16 -march=i386 -Os -ffreestanding -fno-pic -fno-stack-protector -I../../include \
 *         -c echo.c
 *     welt --layout com echo.o -o echo.com
 *     dosbox echo.com
 *
 * DOS calls are int 21h (Microsoft MS-DOS Programmer's Reference). The text goes through DOS, not
 * through the BIOS, so `echo.com words > file` works. */
#include <welt/boot.h>

#define STANDARD_OUTPUT 1

/* The program segment prefix, 256 bytes, lies before the program: its last half is the command's
 * tail, a length and the characters. (gcc takes a pointer below 4096 for a null pointer that went
 * astray, hence boot_peek8.) */
#define TAIL_LENGTH boot_peek8(boot_linear((const void *)0x80))
#define TAIL ((const char *)0x81)

/* Function 40h. */
static void write(const char *text, uint16_t size)
{
    uint16_t written = 0x4000;
    __asm__ volatile("int $0x21"
                     : "+a"(written)
                     : "b"(STANDARD_OUTPUT), "c"(size), "d"(text)
                     : "memory");
}

int main(void)
{
    static const char greeting[] = "Hello from DOS!";
    uint8_t length = TAIL_LENGTH;
    if (length)
        write(TAIL + 1, length - 1u); /* without the blank behind the command */
    else
        write(greeting, sizeof greeting - 1);
    write("\r\n", 2);
    return length;
}
