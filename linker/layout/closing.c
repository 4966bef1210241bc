/* SPDX-License-Identifier: MIT
 *
 * What closes an image: its signature, and the room that is left before it.
 *
 *     .sig 0x7dfe : { SHORT(0xaa55) }             a section of any name
 *     . = 0x1fe; BYTE(0x55) BYTE(0xaa)            within .text
 *     .sig 0x7dfe : { *(.sig) }                   an object's section of these two bytes
 *
 * A boot sector's signature is known by its place and its bytes: 55 AA at 510 of the first sector
 * (BIOS Boot Specification 1.01, 6.5.1). An object's bytes are taken for it only where they are a
 * section of their own: what is one piece with a program is the program's.
 *
 * Headroom is what a program could still grow into: the fill between its last byte and the
 * signature or the image's end, whoever moved dot over it; what the layout puts there besides (a
 * checksum in the last byte, a partition table) is passed over. Fill with more of the program
 * behind it is lost and counts as used; so does room that a section of memory asks for within the
 * file (an option ROM's stack). */
#include "layout/address_map.h"

#include "ask.h"
#include "layout/values.h"

enum { SIGNATURE_AT = 510, SIGNATURE_END = 512 };

/* ---- signature ---- */

/* The first span of the file that reaches behind `offset`. */
static size_t span_at(const struct link *link, uint64_t offset)
{
    size_t low = 0, high = link->spans.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (link->spans.at[middle].file_offset + link->spans.at[middle].size <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The piece of an output section that holds an offset: there is one. */
static const struct chunk *chunk_at(const struct output *output, uint64_t offset)
{
    size_t low = 0, high = output->chunks.count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (output->chunks.at[middle].offset <= offset)
            low = middle;
        else
            high = middle;
    }
    return &output->chunks.at[low];
}

/* A byte that the script puts there; -1: not known. */
static int script_byte(struct link *link, const struct span *span, uint64_t offset)
{
    const struct output *output = &link->outputs.at[span->output];
    const struct chunk *chunk = chunk_at(output, offset - output->file_offset);
    uint64_t index = offset - output->file_offset - chunk->offset;
    bool known;
    if (chunk->statement->ascii)
        return (unsigned char)chunk->statement->ascii[index];
    int64_t value = data_value(link, span->output, chunk->offset, chunk->statement, &known);
    return known ? (int)((uint64_t)value >> (8 * index) & 0xff) : -1;
}

static int byte_at(struct link *link, uint64_t offset)
{
    const struct span *span = &link->spans.at[span_at(link, offset)];
    if (span->kind == WELT_SPAN_SCRIPT)
        return script_byte(link, span, offset);
    bool is_own = span->atom != NONE && span->file_offset == SIGNATURE_AT &&
                  span->size == SIGNATURE_END - SIGNATURE_AT;
    const struct section *section = is_own ? atom_section(link, span->atom) : NULL;
    if (!section || !section->bytes)
        return -1;
    return section->bytes[atom_of(link, span->atom)->offset + (offset - span->file_offset)];
}

/* Makes a span begin at an offset. */
static void part_at(struct link *link, uint64_t offset)
{
    size_t index = span_at(link, offset);
    if (index == link->spans.count || link->spans.at[index].file_offset == offset)
        return;
    *list_add(&link->arena, &link->spans) = (struct span){0};
    struct span *first = &link->spans.at[index];
    memmove(first + 1, first, (link->spans.count - index - 1) * sizeof *first);
    uint64_t before = offset - first->file_offset;
    first->size = before;
    first[1].size -= before;
    first[1].file_offset += before;
    first[1].load_address += before;
    first[1].address += before;
}

/* Two of one output section become one. */
static void join_with_next(struct link *link, size_t index)
{
    struct span *first = &link->spans.at[index];
    bool is_same = index + 1 < link->spans.count && first[1].kind == WELT_SPAN_SIGNATURE &&
                   first[1].output == first->output;
    if (!is_same)
        return;
    first->size += first[1].size;
    memmove(first + 1, first + 2, (link->spans.count - index - 2) * sizeof *first);
    link->spans.count--;
}

void find_signature(struct link *link)
{
    if (link->image_end - link->image_start < SIGNATURE_END ||
        byte_at(link, SIGNATURE_AT) != 0x55 || byte_at(link, SIGNATURE_AT + 1) != 0xaa)
        return;
    part_at(link, SIGNATURE_AT);
    part_at(link, SIGNATURE_END);
    size_t index = span_at(link, SIGNATURE_AT);
    for (size_t i = index; i < link->spans.count && link->spans.at[i].file_offset < SIGNATURE_END;
         i++)
        link->spans.at[i].kind = WELT_SPAN_SIGNATURE;
    join_with_next(link, index);
}

/* ---- headroom ---- */

static void give_room(struct link *link, uint32_t output, uint64_t size)
{
    const struct output *its = output == NONE ? NULL : &link->outputs.at[output];
    if (its && its->region != NONE)
        link->regions.at[its->region].free += size;
    if (its && its->load_region != NONE && its->load_region != its->region)
        link->regions.at[its->load_region].free += size;
}

/* Whether the way back to the program goes on over it. */
static bool closes(const struct link *link, const struct span *span)
{
    bool is_memory = span->output != NONE && link->outputs.at[span->output].flags & SECTION_NOBITS;
    return span->kind == WELT_SPAN_SIGNATURE || span->kind == WELT_SPAN_RESERVED ||
           span->kind == WELT_SPAN_SCRIPT || span->kind == WELT_SPAN_FREE ||
           (span->kind == WELT_SPAN_FILL && !is_memory);
}

/* The room before a section of a region is that region's. */
static void find_headroom_before(struct link *link, size_t end)
{
    for (size_t i = end; i-- > 0 && closes(link, &link->spans.at[i]);) {
        struct span *span = &link->spans.at[i];
        if (span->kind != WELT_SPAN_FILL)
            continue;
        bool is_last = i + 1 == link->spans.count;
        uint32_t owner = span->output;
        if (owner == NONE && !is_last)
            owner = link->spans.at[i + 1].output;
        span->kind = WELT_SPAN_FREE;
        give_room(link, owner, span->size);
    }
}

void find_headroom(struct link *link)
{
    size_t signature = span_at(link, SIGNATURE_AT);
    bool is_signed =
        signature < link->spans.count && link->spans.at[signature].kind == WELT_SPAN_SIGNATURE;
    find_headroom_before(link, link->spans.count);
    if (is_signed)
        find_headroom_before(link, signature);
}
