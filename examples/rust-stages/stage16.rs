// SPDX-License-Identifier: 0BSD
//
// A PC from its first instruction to 64-bit mode, in Rust: three programs, each linked flat and joined to one image.
//
//     sector 0        stage16    0x7c00     the boot sector: loads the rest, goes to protected mode
//     sectors 1..65   stage32    0x7e00     makes page tables, goes to long mode
//     from 66 on      stage64    0x10000    has the whole processor, and core's formatting
//
// This is the first. The BIOS starts it in 16-bit mode with the drive it came from in dl; its stack grows down from
// itself. How many sectors follow is known when they are linked, so the command line says it: rest_sectors.
#![no_std]
#![no_main]

use core::arch::{asm, global_asm};
use core::panic::PanicInfo;
use core::ptr::{addr_of, addr_of_mut};

global_asm!(
    ".section .boot, \"ax\"",
    ".code16",
    ".globl _start",
    "_start: ljmp $0, $1f", // some BIOSes start at 07c0:0000
    "1: xorw %ax, %ax",
    "movw %ax, %ds",
    "movw %ax, %es",
    "movw %ax, %ss",
    "movl $stack_top, %esp",
    "cld",
    "movw $__bss_start, %di",
    "movw $__bss_end, %cx",
    "subw %di, %cx",
    "rep stosb",
    "sti",
    "movzbl %dl, %edx",
    "pushl %edx",
    "calll main",
    // A far jump loads the 32-bit code segment. No interrupt may come from here on: there is no table for them.
    "enter_stage32:",
    "cli",
    "lgdtl descriptors_pointer",
    "movl %cr0, %eax",
    "orl $1, %eax",
    "movl %eax, %cr0",
    "ljmp $8, $next_stage",
    options(att_syntax)
);

/// Segments from 0 to 4 GiB: code of 32 bits, data, and code of 64 bits, at 8, 16 and 24.
static DESCRIPTORS: [u64; 4] =
    [0, 0x00cf_9a00_0000_ffff, 0x00cf_9200_0000_ffff, 0x00af_9a00_0000_ffff];

#[repr(C, packed)]
struct Pointer {
    limit: u16,
    base: &'static [u64; 4],
}

#[no_mangle]
static descriptors_pointer: Pointer = Pointer { limit: 31, base: &DESCRIPTORS };

/// What interrupt 13h, function 42h, is asked for: one sector, which never crosses 64 KiB of memory.
#[repr(C, packed)]
struct Request {
    size: u16,
    count: u16,
    offset: u16,
    segment: u16,
    sector: u64,
}

static mut REQUEST: Request = Request { size: 16, count: 1, offset: 0, segment: 0x7e0, sector: 1 };

extern "C" {
    static rest_sectors: u8; // a number: its address
    fn enter_stage32() -> !;
}

/// Interrupt 10h, function 0Eh. LLVM keeps ebx and esi for itself, so they are saved by hand.
fn print(text: &str) {
    for character in text.bytes() {
        unsafe {
            asm!("push ebx", "push ebp", "mov bx, 7", "int 0x10", "pop ebp", "pop ebx",
                 inout("ax") 0x0e00 | u16::from(character) => _);
        }
    }
}

/// False when the BIOS says that it could not.
unsafe fn read(drive: u32) -> bool {
    let failed: u16;
    asm!("push esi", "mov si, cx", "int 0x13", "pop esi", "setc cl",
         inout("ax") 0x4200u16 => _, inout("cx") addr_of!(REQUEST) as u16 => failed, in("dx") drive as u16);
    failed & 1 == 0
}

fn stop(text: &str) -> ! {
    print(text);
    loop {
        unsafe { asm!("hlt") };
    }
}

#[no_mangle]
unsafe extern "C" fn main(drive: u32) -> ! {
    print("16 bits: the BIOS loads\r\n");
    for _ in 0..addr_of!(rest_sectors) as u32 {
        if !read(drive) {
            stop("the disk cannot be read\r\n");
        }
        let request = addr_of_mut!(REQUEST);
        (*request).segment += 0x20;
        (*request).sector += 1;
    }
    asm!("hlt"); // until the clock ticks: the BIOS may hold back what it was to print
    enter_stage32()
}

#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    stop("panic\r\n")
}
