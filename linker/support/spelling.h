/* SPDX-License-Identifier: MIT
 *
 * What a misspelled word may have meant: of the script language, a symbol, an option. */
#ifndef WELT_SUPPORT_SPELLING_H
#define WELT_SUPPORT_SPELLING_H

#include <stddef.h>

/* Looks for the word nearest to `text`: open, offer each word, take the answer. */
struct spelling {
    const char *text;
    size_t size;
    const char *nearest; /* NULL: none is near */
    size_t nearest_size;
    unsigned edits; /* how far `nearest` is away */
};

struct spelling spelling_of(const char *text, size_t size);
void spelling_offer(struct spelling *spelling, const char *word);
void spelling_offer_sized(struct spelling *spelling, const char *word, size_t size);

#endif
