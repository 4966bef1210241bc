/* SPDX-License-Identifier: MIT
 *
 * In which mode of the processor each stretch of code in the image is to be decoded. */
#ifndef WELT_REPORT_CODE_BITS_H
#define WELT_REPORT_CODE_BITS_H

#include "input/code_mode.h"
#include "link.h"

struct code_bits {
    struct link *link;
    struct modes modes;
    uint8_t *of_atoms;           /* 16, 32 or 64; 0: no code of the image */
    bool *is_certain;            /* by atom: its relocations say so */
    uint8_t *of_inputs;          /* the same of most of an object; 0: nobody asked */
    bool is_used[DECODE_64 + 1]; /* some code is of this mode */
};

/* Requires the address map. false: Zydis cannot be opened, which was diagnosed as an error. */
bool code_bits_open(struct code_bits *bits, struct link *link, struct arena *arena);
void code_bits_close(struct code_bits *bits);
enum decoder_mode mode_of_bits(unsigned bits);

#endif
