// SPDX-License-Identifier: 0BSD
//
// What compilers call on their own. Welt's runtime has these as 16-bit code, so another mode brings its own.
use core::arch::asm;

#[no_mangle]
unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, count: usize) -> *mut u8 {
    asm!("rep movsb", inout("rdi") to => _, inout("rsi") from => _, inout("rcx") count => _);
    to
}

#[no_mangle]
unsafe extern "C" fn memset(to: *mut u8, value: i32, count: usize) -> *mut u8 {
    asm!("rep stosb", inout("rdi") to => _, inout("rcx") count => _, in("al") value as u8);
    to
}
