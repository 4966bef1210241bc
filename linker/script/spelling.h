/* SPDX-License-Identifier: MIT
 *
 * What a misspelled word of the script language may have meant. */
#ifndef WELT_SCRIPT_SPELLING_H
#define WELT_SCRIPT_SPELLING_H

#include <stddef.h>

/* Looks for the word nearest to `text`: open, offer each word, take the answer. */
struct spelling {
    const char *text;
    size_t size;
    const char *nearest; /* NULL: none is near */
    unsigned edits;      /* how far `nearest` is away */
};

struct spelling spelling_of(const char *text, size_t size);
void spelling_offer(struct spelling *spelling, const char *word);

#endif
