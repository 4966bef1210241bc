// SPDX-License-Identifier: 0BSD
//
// The third stage, in long mode: 64-bit arithmetic, and the formatting of core, which is tables of addresses in
// .data and .rodata.
#![no_std]
#![no_main]

mod console;
mod memory;

use console::Console;
use core::arch::{asm, global_asm};
use core::fmt::Write;
use core::panic::PanicInfo;
use core::ptr::{addr_of, addr_of_mut, read_volatile, write_volatile};

global_asm!(
    ".section .start, \"ax\"",
    ".code64",
    ".globl _start",
    "_start: movl $stack_top, %esp",
    "movl $__bss_start, %edi",
    "movl $__bss_end, %ecx",
    "subl %edi, %ecx",
    "xorl %eax, %eax",
    "rep stosb",
    "call main",
    options(att_syntax)
);

static mut START: (u64, u64) = (0, 1); // .data
static mut NUMBERS: [u64; 91] = [0; 91]; // .bss

unsafe fn fibonacci() -> &'static [u64] {
    let (mut a, mut b) = read_volatile(addr_of!(START));
    for place in &mut *addr_of_mut!(NUMBERS) {
        write_volatile(place, a);
        (a, b) = (b, a + b);
    }
    &*addr_of!(NUMBERS)
}

#[no_mangle]
unsafe extern "C" fn main() -> ! {
    let numbers = fibonacci();
    let last = numbers.len() - 1;
    let _ = writeln!(Console, "64 bits: Fibonacci({}) is {} or {:#x}", last, numbers[last], numbers[last]);
    stop()
}

fn stop() -> ! {
    loop {
        unsafe { asm!("cli", "hlt") };
    }
}

#[panic_handler]
fn panic(information: &PanicInfo) -> ! {
    let _ = writeln!(Console, "{}", information);
    stop()
}
