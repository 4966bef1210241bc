/* SPDX-License-Identifier: 0BSD
 *
 * boot_a20_enabled and boot_a20_enable of welt/boot.h.
 *
 * The ports are those of the IBM PC AT and PS/2 (IBM PS/2 Hardware Interface Technical Reference):
 * 64h and 60h are the keyboard controller's, 92h is system control port A, whose bit 1 is the gate
 * and whose bit 0 resets the machine. */
#include "welt/boot.h"

#include "assembly.h"

enum {
    KEYBOARD_DATA = 0x60,
    KEYBOARD_STATUS = 0x64,
    KEYBOARD_COMMAND = 0x64,
    SYSTEM_CONTROL_A = 0x92,
};

enum {
    OUTPUT_FULL = 1, /* of the keyboard controller's status */
    INPUT_FULL = 2,
    WRITE_OUTPUT_PORT = 0xd1, /* its commands */
    PULSE_NOTHING = 0xff,
    GATE_OPEN = 0xdf, /* its output port: A20 open, no reset */
};

/* 0000:0200 and FFFF:0210 are 1 MiB apart. The word at the first, the vector of an interrupt that
 * no BIOS uses, becomes the other's opposite; if they are equal then, they are the same memory. */
__asm__("function boot_a20_enabled\n"
        "pushw %es\n"
        "xorl %eax, %eax\n"
        "movw %ax, %fs\n"
        "decw %ax\n"
        "movw %ax, %es\n"
        "incw %ax\n"
        "movw %es:0x210, %cx\n"
        "notw %cx\n"
        "xchgw %cx, %fs:0x200\n"
        "movw %es:0x210, %dx\n"
        "cmpw %fs:0x200, %dx\n"
        "setne %al\n"
        "movw %cx, %fs:0x200\n"
        "popw %es\n"
        "retl\n"
        "end_function boot_a20_enabled\n");

static void open_by_bios(void)
{
    uint32_t function = 0x2401;
    __asm__ volatile("int $0x15" : "+a"(function) : : "ebx", "ecx", "edx", "memory");
}

/* Waits until the controller takes a byte. Without a controller the port reads as FFh for ever,
 * hence the limit. */
static void send(uint16_t port, uint8_t byte)
{
    for (uint16_t tries = 0xffff; tries && boot_in8(KEYBOARD_STATUS) & INPUT_FULL; tries--)
        if (boot_in8(KEYBOARD_STATUS) & OUTPUT_FULL)
            boot_in8(KEYBOARD_DATA);
    boot_out8(port, byte);
}

static void open_by_keyboard(void)
{
    send(KEYBOARD_COMMAND, WRITE_OUTPUT_PORT);
    send(KEYBOARD_DATA, GATE_OPEN);
    send(KEYBOARD_COMMAND, PULSE_NOTHING);
}

static void open_by_port_92(void)
{
    boot_out8(SYSTEM_CONTROL_A, (uint8_t)((boot_in8(SYSTEM_CONTROL_A) | 2) & 0xfe));
}

/* The gate of a real keyboard controller takes a while. */
static int is_open(void)
{
    uint16_t tries = 0xffff;
    while (!boot_a20_enabled() && tries)
        tries--;
    return tries;
}

BOOT_CALL int boot_a20_enable(void)
{
    if (is_open())
        return 0;
    open_by_bios();
    if (is_open())
        return 0;
    open_by_keyboard();
    if (is_open())
        return 0;
    open_by_port_92();
    return !is_open();
}
