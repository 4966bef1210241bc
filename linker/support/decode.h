/* SPDX-License-Identifier: MIT
 *
 * Machine code to instructions, by Zydis.
 *
 *     struct decoder *decoder = decoder_open(host, DECODE_16);
 *     while (decoder && (length = decode(decoder, bytes + at, size - at, address + at, &it)))
 *         at += length;
 *     decoder_close(host, decoder);
 *
 * Zydis is a shared library that most links have no use for, so it is opened by the first that has.
 */
#ifndef WELT_SUPPORT_DECODE_H
#define WELT_SUPPORT_DECODE_H

#include "support/host.h"

struct decoder;

enum decoder_mode { DECODE_16, DECODE_32, DECODE_64 };

/* Bytes of an instruction that hold a number. `size` 0: there are none. */
struct instruction_field {
    uint8_t offset, size;
};

struct instruction {
    uint8_t length;
    struct instruction_field displacement, immediates[2];
    bool is_branch; /* to a distance from its own end */
    uint64_t
        target; /* is_branch: where it leads, in the 64 KiB of its address when it wraps there */
};

enum { INSTRUCTION_TEXT = 128 }; /* room for any instruction's text */

/* NULL: Zydis can't be opened, which was diagnosed as an error. What was opened is closed by
 * decoder_close(), and also when host_fail() jumps past it. */
struct decoder *decoder_open(struct host *host, enum decoder_mode mode);
/* The same for what can do without: NULL without a word. */
struct decoder *decoder_try_open(struct host *host, enum decoder_mode mode);
void decoder_close(struct host *host, struct decoder *decoder);

/* The length of the instruction at `bytes`, or 0: there is none that ends within `size`. */
size_t decode(struct decoder *decoder, const unsigned char *bytes, size_t size, uint64_t address,
              struct instruction *instruction);
/* The text of what was decoded last, in Intel's syntax, branches with the address they lead to. */
void decode_text(struct decoder *decoder, char *text, size_t room);

#endif
