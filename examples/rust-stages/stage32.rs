// SPDX-License-Identifier: 0BSD
//
// The second stage, in protected mode: long mode needs page tables, and those are made here, so that the first GiB of
// memory has the addresses it has.
#![no_std]
#![no_main]

mod console;

use console::print;
use core::arch::{asm, global_asm};
use core::panic::PanicInfo;
use core::ptr::{addr_of, addr_of_mut};

global_asm!(
    ".section .start, \"ax\"",
    ".code32",
    ".globl _start",
    "_start: movw $16, %ax",
    "movw %ax, %ds",
    "movw %ax, %es",
    "movw %ax, %ss",
    "movl $stack_top, %esp",
    "movl $__bss_start, %edi",
    "movl $__bss_end, %ecx",
    "subl %edi, %ecx",
    "xorl %eax, %eax",
    "rep stosb",
    "call main",
    // Physical address extension, the tables, long mode, paging; then a far jump to 64-bit code.
    "enter_stage64: movl %cr4, %eax",
    "orl $0x20, %eax",
    "movl %eax, %cr4",
    "movl 4(%esp), %eax",
    "movl %eax, %cr3",
    "movl $0xc0000080, %ecx",
    "rdmsr",
    "orl $0x100, %eax",
    "wrmsr",
    "movl %cr0, %eax",
    "orl $0x80000000, %eax",
    "movl %eax, %cr0",
    "ljmp $24, $next_stage",
    options(att_syntax)
);

const PRESENT_WRITABLE: u64 = 3;
const LARGE: u64 = 0x80;
const TWO_MIB: u64 = 0x20_0000;

#[repr(C, align(4096))]
struct Table([u64; 512]);

static mut LEVEL_4: Table = Table([0; 512]);
static mut LEVEL_3: Table = Table([0; 512]);
static mut LEVEL_2: Table = Table([0; 512]);

extern "C" {
    fn enter_stage64(tables: *const Table) -> !;
}

fn stop(text: &str) -> ! {
    print(text);
    loop {
        unsafe { asm!("hlt") };
    }
}

/// The extended feature bits of the processor, 0 when it has none.
fn extended_features() -> u32 {
    unsafe fn cpuid(leaf: u32) -> (u32, u32) {
        let (greatest, features);
        asm!("push ebx", "cpuid", "pop ebx",
             inout("eax") leaf => greatest, out("ecx") _, out("edx") features);
        (greatest, features)
    }
    unsafe {
        match cpuid(0x8000_0000).0 {
            0..=0x8000_0000 => 0,
            _ => cpuid(0x8000_0001).1,
        }
    }
}

unsafe fn make_tables() -> *const Table {
    let next = |table: *const Table| table as u32 as u64 | PRESENT_WRITABLE;
    (*addr_of_mut!(LEVEL_4)).0[0] = next(addr_of!(LEVEL_3));
    (*addr_of_mut!(LEVEL_3)).0[0] = next(addr_of!(LEVEL_2));
    let mut address = 0;
    for entry in &mut (*addr_of_mut!(LEVEL_2)).0 {
        *entry = address | PRESENT_WRITABLE | LARGE;
        address += TWO_MIB;
    }
    addr_of!(LEVEL_4)
}

#[no_mangle]
unsafe extern "C" fn main() -> ! {
    print("32 bits: makes page tables\n");
    if extended_features() & 1 << 29 == 0 {
        stop("this processor has no long mode\n");
    }
    enter_stage64(make_tables())
}

#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    stop("panic\n")
}
