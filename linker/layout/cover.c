/* SPDX-License-Identifier: MIT
 *
 * The spans of the file, one behind the other, each byte in one of them.
 *
 *     .text        0x000 ........... 0x214        the program's layer
 *     .signature             0x1fe 0x200          the layout's: nothing is left of it
 *     .table                             0x220    … this is; the gap before it is filled
 *
 * Way not taken: one list in the order of the file, in which the first of two that overlap stays: a
 * signature that the program has run over would then take its two bytes out of the program's sum,
 * and what is over its budget by 24 would be said to be over by 22. */
#include "layout/address_map.h"

static void cut_front(struct span *span, uint64_t cut)
{
    span->file_offset += cut;
    span->load_address += cut;
    span->address += cut;
    span->size -= cut;
}

struct span_list LIST_OF(struct span);

/* The spans of one layer, each behind the one before: what overlaps loses its front. */
static struct span_list spans_of_layer(struct link *link, const struct order *orders, size_t count)
{
    struct span_list list = {0};
    uint64_t at = 0;
    for (size_t i = 0; i < count; i++) {
        const struct output *output = &link->outputs.at[orders[i].output];
        for (size_t c = 0; c < output->chunks.count; c++) {
            struct span span = span_of_chunk(link, orders[i].output, &output->chunks.at[c]);
            uint64_t end = span.file_offset + span.size;
            if (end <= at)
                continue;
            if (span.file_offset < at)
                cut_front(&span, at - span.file_offset);
            *list_add(&link->arena, &list) = span;
            at = end;
        }
    }
    return list;
}

/* ---- one layer in the holes of the other ---- */

/* Result: where the file ends now. */
static uint64_t append(struct link *link, uint64_t at, const struct span *span)
{
    if (span->file_offset > at)
        fill_gap(link, at, span->file_offset, span);
    add_span(link, *span);
    return span->file_offset + span->size;
}

struct joint {
    struct link *link;
    struct span_list program;
    size_t next; /* of the program's spans */
    uint64_t at; /* where the file ends so far */
};

static void append_program(struct joint *joint, uint64_t up_to)
{
    for (; joint->next < joint->program.count; joint->next++) {
        const struct span *span = &joint->program.at[joint->next];
        if (span->file_offset > up_to)
            return;
        joint->at = append(joint->link, joint->at, span);
    }
}

/* What the program leaves of a span: nothing, all, or pieces. */
static void append_rest(struct joint *joint, struct span span)
{
    uint64_t end = span.file_offset + span.size;
    for (append_program(joint, span.file_offset); joint->at < end;
         append_program(joint, span.file_offset)) {
        if (joint->at > span.file_offset) {
            cut_front(&span, joint->at - span.file_offset);
            continue;
        }
        struct span piece = span;
        if (joint->next < joint->program.count && joint->program.at[joint->next].file_offset < end)
            piece.size = joint->program.at[joint->next].file_offset - span.file_offset;
        joint->at = append(joint->link, joint->at, &piece);
        cut_front(&span, piece.size);
    }
}

uint64_t cover_file(struct link *link, const struct order *orders, size_t programs, size_t rests)
{
    struct joint joint = {.link = link, .program = spans_of_layer(link, orders, programs)};
    struct span_list rest = spans_of_layer(link, orders + programs, rests);
    for (size_t i = 0; i < rest.count; i++)
        append_rest(&joint, rest.at[i]);
    append_program(&joint, UINT64_MAX);
    return joint.at;
}
