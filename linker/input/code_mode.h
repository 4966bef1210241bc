/* SPDX-License-Identifier: MIT
 *
 * For which mode of the processor a section's code was made: 16, 32 or 64 bits. See code_mode.c. */
#ifndef WELT_INPUT_CODE_MODE_H
#define WELT_INPUT_CODE_MODE_H

#include "input/object.h"
#include "support/decode.h"

/* What decoding a section found out: of how many relocations, and how many of them are a whole
 * field of an instruction when it is decoded for 16 bits, and for the wide mode of the object's
 * format. */
struct mode_fit {
    unsigned refs, fitting_16, fitting_wide;
    unsigned wide; /* bits of the wide mode: 32, or 64 in an ELF64 object */
    unsigned bits; /* 16, or the wide mode's; 0: in doubt */
};

/* Decoders, opened when they are first needed. Zeroed to begin with. */
struct modes {
    struct decoder *decoders[DECODE_64 + 1];
};
void modes_close(struct host *host, struct modes *modes);
/* NULL: Zydis cannot be opened. */
struct decoder *modes_decoder(struct host *host, struct modes *modes, enum decoder_mode mode);

/* Requires a section of code with bytes. In doubt when it has no relocations, when they fit neither
 * mode or both, and when Zydis cannot be opened. */
struct mode_fit mode_of(struct host *host, struct modes *modes, const struct object *object,
                        uint32_t section);

/* The bits of most of an object's sections; 0: none of them says, or they are of two minds. */
unsigned mode_of_object(struct host *host, struct modes *modes, const struct object *object);

/* The same of one function in one mode: from an offset on to its return, or to `most`. */
struct mode_count {
    unsigned refs, fitting;
    uint64_t end; /* behind its last instruction */
};
struct mode_count mode_count_from(struct host *host, struct modes *modes, enum decoder_mode mode,
                                  const struct object *object, uint32_t section, uint64_t from,
                                  uint64_t most);

/* Whether an instruction begins at an offset of a section when it is decoded from its start. */
bool begins_instruction(struct host *host, struct modes *modes, enum decoder_mode mode,
                        const struct section *section, uint64_t offset);

#endif
