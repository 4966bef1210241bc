// SPDX-License-Identifier: 0BSD
//
// A boot sector in Rust, without std, for a target of its own. `./build` makes boot.bin with rustc alone, from 1.63
// on; `cargo build --release` does with cargo 1.96 and RUSTC_BOOTSTRAP=1.
//
// Welt's runtime starts it: crt0 sets segments and stack, zeroes .bss and calls main.
#![no_std]
#![no_main]

use core::arch::asm;
use core::panic::PanicInfo;
use core::ptr::{addr_of, addr_of_mut, read_volatile, write_volatile};

static GREETING: &str = "Hello from Rust!\r\n"; // .rodata
static mut BOOTS: u32 = 41; // .data
static mut SQUARES: [u32; 8] = [0; 8]; // .bss

/// Prints one character: BIOS interrupt 10h, function 0Eh. LLVM keeps bx for itself, so it is saved by hand.
fn put(character: u8) {
    unsafe {
        asm!("push ebx", "push ebp", "mov bx, 7", "int 0x10", "pop ebp", "pop ebx",
             inout("ax") 0x0e00 | u16::from(character) => _);
    }
}

fn print(text: &str) {
    text.bytes().for_each(put);
}

fn print_number(number: u32) {
    if number >= 10 {
        print_number(number / 10);
    }
    put(b'0' + (number % 10) as u8);
}

/// What .data holds must have been loaded, and what .bss holds must be zero before it is written.
fn sum_of_squares() -> u32 {
    let mut sum = 0;
    for i in 0..8u32 {
        unsafe {
            let place = addr_of_mut!(SQUARES[i as usize]);
            write_volatile(place, read_volatile(place) + i * i);
            sum += read_volatile(place);
        }
    }
    sum
}

#[no_mangle]
pub extern "C" fn main(_boot_drive: u32) -> i32 {
    unsafe { write_volatile(addr_of_mut!(BOOTS), read_volatile(addr_of!(BOOTS)) + 1) };
    print(GREETING);
    print_number(unsafe { read_volatile(addr_of!(BOOTS)) });
    print(" and ");
    print_number(sum_of_squares());
    print("\r\n");
    0
}

#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    print("panic\r\n");
    loop {
        unsafe { asm!("cli", "hlt") };
    }
}
