/* SPDX-License-Identifier: MIT
 *
 * The records of .stab, debug information of gcc -gstabs (GDB's manual "The stabs representation of
 * debugging information", chapter 1 and appendix F): 12 bytes each, with their strings in .stabstr.
 *
 *     string 4, type 1, other 1, desc 2, value 4
 *
 * An object begins with one of type 0: `desc` records follow, and their strings have `value` bytes.
 * A header's part stands between N_BINCL and N_EINCL; N_EXCL says that another object has it. */
#ifndef WELT_INPUT_STABS_H
#define WELT_INPUT_STABS_H

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { STAB_SIZE = 12, STAB_STRING = 0, STAB_TYPE = 4, STAB_DESC = 6, STAB_VALUE = 8 };

enum stab_type {
    STAB_HEADER = 0,
    STAB_FUNCTION = 0x24,      /* N_FUN; without a name: the function's end */
    STAB_STATIC = 0x26,        /* N_STSYM */
    STAB_STATIC_ZERO = 0x28,   /* N_LCSYM */
    STAB_BEGIN_INCLUDE = 0x82, /* N_BINCL */
    STAB_END_INCLUDE = 0xa2,   /* N_EINCL */
    STAB_ELSEWHERE = 0xc2,     /* N_EXCL */
};

/* ".stab", and the parts of it that are numbered: ".stab.1". */
static inline bool is_stab_name(const char *name)
{
    return strncmp(name, ".stab", 5) == 0 &&
           (!name[5] || (name[5] == '.' && isdigit((unsigned char)name[6])));
}

#endif
