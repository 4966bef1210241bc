// SPDX-License-Identifier: 0BSD
//
// Text without a BIOS: on the screen, behind what is there, and on the first serial line.
use core::arch::asm;
use core::ptr::{read_volatile, write_volatile};

const SCREEN: *mut u16 = 0xb8000 as *mut u16;
const CURSOR: *mut u8 = 0x450 as *mut u8; // where the BIOS keeps its column, and behind it the row
const COLUMNS: u8 = 80;
const ROWS: u8 = 25;
const GREY: u16 = 0x0700;
const SERIAL: u16 = 0x3f8;

pub struct Console;

impl core::fmt::Write for Console {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        print(text);
        Ok(())
    }
}

pub fn print(text: &str) {
    for character in text.bytes() {
        unsafe {
            show(character);
            send(character);
        }
    }
}

/// The last row is written again and again: three lines need no scrolling.
unsafe fn show(character: u8) {
    let (mut column, mut row) = (read_volatile(CURSOR), read_volatile(CURSOR.add(1)));
    if character != b'\n' {
        let at = row as usize * COLUMNS as usize + column as usize;
        write_volatile(SCREEN.add(at), GREY | character as u16);
        column += 1;
    }
    if character == b'\n' || column >= COLUMNS {
        column = 0;
        row = (row + 1).min(ROWS - 1);
    }
    write_volatile(CURSOR, column);
    write_volatile(CURSOR.add(1), row);
}

/// A port without a device behind it reads as ones: ready.
unsafe fn send(character: u8) {
    let mut status = 0u8;
    while status & 0x20 == 0 {
        asm!("in al, dx", out("al") status, in("dx") SERIAL + 5);
    }
    asm!("out dx, al", in("al") character, in("dx") SERIAL);
}
