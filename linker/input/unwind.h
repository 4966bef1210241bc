/* SPDX-License-Identifier: MIT
 *
 * The records of .eh_frame (LSB Core 5.0, 10.6 "Exception Frames"), of which a compiler writes one
 * for each function:
 *
 *     CIE   length, 0, ...               what FDEs have in common; every object has its own copy
 *     FDE   length, distance, pc, ...    one function; the distance leads from itself back to the
 * CIE end   0                            the terminator, in the last object (crtend.o) */
#ifndef WELT_INPUT_UNWIND_H
#define WELT_INPUT_UNWIND_H

#include "support/bytes.h"

#include <stdbool.h>

enum { UNWIND_ALIGN = 4, UNWIND_POINTER = 4, UNWIND_PC = 8 }; /* offsets of fields in a record */

/* The offset behind the record at `at`, or 0: what stands there is none that may be moved. */
static inline uint64_t unwind_record_end(const unsigned char *bytes, uint64_t size, uint64_t at)
{
    if (size - at < 4)
        return 0;
    uint32_t length = get32(bytes + at);
    if (!length)
        return at + 4 == size ? size : 0;
    bool is_whole = length >= 8 && !(length & (UNWIND_ALIGN - 1)) && length <= size - at - 4;
    return is_whole ? at + 4 + length : 0;
}

static inline bool unwind_is_end(const unsigned char *record)
{
    return get32(record) == 0;
}

static inline bool unwind_is_cie(const unsigned char *record)
{
    return get32(record) != 0 && get32(record + UNWIND_POINTER) == 0;
}

#endif
