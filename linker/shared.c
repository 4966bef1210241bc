/* SPDX-License-Identifier: MIT
 *
 * libwelt.so is the prelinked object of libwelt.a: this file only gives CMake something to compile.
 */
typedef int nothing_here;
