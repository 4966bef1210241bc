/* SPDX-License-Identifier: MIT
 *
 * What crt0 promises, after a start by hostile.s. Prints a letter for each promise that it
 * broke, or that it broke none. */
#include <welt/boot.h>

static char zeros[2000];
static int initialized = 0x1234;

static unsigned broken;

static void expect(int is_right, char what)
{
    if (is_right)
        return;
    broken++;
    boot_putc(what);
}

#define SEGMENT(name)                                                                              \
    ({                                                                                             \
        uint16_t value;                                                                            \
        __asm__ volatile("movw %%" name ", %0" : "=r"(value));                                     \
        value;                                                                                     \
    })

int main(unsigned boot_drive)
{
    uint32_t esp, flags;
    __asm__ volatile("movl %%esp, %0" : "=r"(esp));
    __asm__ volatile("pushfl\n\tpopl %0" : "=r"(flags));
    expect(boot_drive == 0 && __boot_drive[0] == 0, 'd');
    expect(!SEGMENT("cs") && !SEGMENT("ds") && !SEGMENT("es") && !SEGMENT("ss"), 's');
    expect(esp < (uint32_t)__stack_top && esp > (uint32_t)__stack_top - 128, 't');
    expect(!(flags & 0x400), 'f');
    expect(flags & 0x200, 'i');
    expect(*(volatile int *)&initialized == 0x1234, 'v');
    for (unsigned index = 0; index < sizeof zeros; index++)
        expect(!((volatile char *)zeros)[index], 'z');
    boot_print(broken ? " broken\n" : "nothing broken\n");
    return 0;
}
