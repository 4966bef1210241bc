/* SPDX-License-Identifier: MIT
 *
 * The image's spans by address: the address map has them in the order of the file, and code that is
 * followed asks what stands at an address.
 *
 * Requires the address map. */
#include "ask.h"

#include <stdlib.h>

static int compare_spans(const void *left, const void *right)
{
    const struct span *a = *(const struct span *const *)left;
    const struct span *b = *(const struct span *const *)right;
    if (a->address != b->address)
        return a->address < b->address ? -1 : 1;
    return (a > b) - (a < b);
}

struct span_index index_spans(const struct link *link, struct arena *arena)
{
    size_t most = link->spans.count;
    struct span_index index = {
        .spans = (const struct span **)arena_array(arena, most + 1, sizeof(void *))};
    for (size_t i = 0; i < most; i++)
        if (link->spans.at[i].in_file && link->spans.at[i].size)
            index.spans[index.count++] = &link->spans.at[i];
    if (index.count)
        qsort((void *)index.spans, index.count, sizeof(void *), compare_spans);
    return index;
}

const struct span *find_span(const struct span_index *index, uint64_t address)
{
    size_t low = 0, high = index->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (index->spans[middle]->address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    const struct span *span = low ? index->spans[low - 1] : NULL;
    return span && address - span->address < span->size ? span : NULL;
}
