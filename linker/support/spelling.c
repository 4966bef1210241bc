/* SPDX-License-Identifier: MIT
 *
 * Nearness of words: the number of letters to change, add, leave out or swap with their neighbour
 * (optimal string alignment), where upper and lower case are the same. A word of n letters is near
 * when it takes at most n/3 edits, and at most 3. */
#include "support/spelling.h"

#include <stdbool.h>
#include <string.h>

enum { LONGEST = 64 };

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static char folded(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static unsigned edits_between(const char *a, size_t a_size, const char *b, size_t b_size)
{
    unsigned rows[LONGEST + 1][LONGEST + 1];
    for (unsigned i = 0; i <= a_size; i++)
        rows[i][0] = i;
    for (unsigned j = 0; j <= b_size; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_size; i++)
        for (size_t j = 1; j <= b_size; j++) {
            unsigned changed = folded(a[i - 1]) != folded(b[j - 1]);
            unsigned edits =
                least(least(rows[i - 1][j], rows[i][j - 1]) + 1, rows[i - 1][j - 1] + changed);
            bool is_swap = i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) &&
                           folded(a[i - 2]) == folded(b[j - 1]);
            rows[i][j] = is_swap ? least(edits, rows[i - 2][j - 2] + 1) : edits;
        }
    return rows[a_size][b_size];
}

struct spelling spelling_of(const char *text, size_t size)
{
    unsigned allowed = least((unsigned)least((unsigned)size, LONGEST) / 3, 3);
    return (struct spelling){.text = text, .size = size, .edits = allowed + 1};
}

void spelling_offer(struct spelling *spelling, const char *word)
{
    spelling_offer_sized(spelling, word, strlen(word));
}

void spelling_offer_sized(struct spelling *spelling, const char *word, size_t size)
{
    if (spelling->size > LONGEST || size > LONGEST)
        return;
    unsigned edits = edits_between(spelling->text, spelling->size, word, size);
    if (edits >= spelling->edits)
        return;
    spelling->edits = edits;
    spelling->nearest = word;
    spelling->nearest_size = size;
}
