/* SPDX-License-Identifier: MIT
 *
 * The address map: what covers the image, byte by byte, and the memory behind it.
 *
 * Requires: layout. Provides: link.spans, image_start and image_end, each output's place in the
 * file.
 *
 *     offset  size  kind       what
 *     0x000      5  code       _start (crt0.o)
 *     0x005      1  padding
 *     0x006    300  code       main (boot.o)
 *     0x132    204  free       to the signature
 *     0x1fe      2  signature
 *     -         16  bss        counter (boot.o)        memory only
 *
 * The file begins at the lowest load address of what has bytes and ends at the highest. A .bss
 * within that range takes zeroes in the file; behind it, it takes none. */
#include "ask.h"
#include "steps.h"

#include <stdlib.h>
#include <string.h>

static bool has_bytes(const struct output *output)
{
    return !output->is_discard && output->size && output->flags & SECTION_ALLOC &&
           !(output->flags & SECTION_NOBITS);
}

static void find_bounds(struct link *link)
{
    bool any = false;
    for (size_t i = 0; i < link->outputs.count; i++) {
        const struct output *output = &link->outputs.at[i];
        uint64_t end = output->load_address + output->size;
        if (!has_bytes(output))
            continue;
        if (!any || output->load_address < link->image_start)
            link->image_start = output->load_address;
        if (!any || end > link->image_end)
            link->image_end = end;
        any = true;
    }
}

static void find_files_part(struct link *link)
{
    for (size_t i = 0; i < link->outputs.count; i++) {
        struct output *output = &link->outputs.at[i];
        bool within = !output->is_discard && output->size && !output_is_tbss(output) &&
                      output->flags & SECTION_ALLOC && output->load_address >= link->image_start &&
                      output->load_address < link->image_end;
        output->in_file =
            has_bytes(output) || (within && output->load_address + output->size <= link->image_end);
        output->file_offset = output->load_address - link->image_start;
    }
}

/* ---- spans of one output section ---- */

static bool is_named(const struct output *output, const char *prefix)
{
    return strncmp(output->name, prefix, strlen(prefix)) == 0;
}

static uint8_t kind_of_atom(const struct link *link, const struct output *output, uint32_t atom)
{
    uint32_t flags = atom_section(link, atom)->flags;
    if (atom == link->jump_atom)
        return WELT_SPAN_JUMP;
    if (!output->in_file)
        return WELT_SPAN_BSS;
    return flags & SECTION_EXEC ? WELT_SPAN_CODE : WELT_SPAN_DATA;
}

static uint8_t kind_of_chunk(const struct link *link, const struct output *output,
                             const struct chunk *chunk)
{
    if (chunk->kind == CHUNK_ATOM)
        return kind_of_atom(link, output, chunk->atom);
    if (!output->in_file)
        return WELT_SPAN_BSS;
    if (is_named(output, ".signature"))
        return WELT_SPAN_SIGNATURE;
    if (is_named(output, ".reserved"))
        return WELT_SPAN_RESERVED;
    if (chunk->kind == CHUNK_DATA)
        return WELT_SPAN_SCRIPT;
    return chunk->kind == CHUNK_PADDING ? WELT_SPAN_PADDING : WELT_SPAN_FILL;
}

static void add_span(struct link *link, struct span span)
{
    if (span.size)
        *list_add(&link->arena, &link->spans) = span;
}

static struct span span_of_chunk(const struct link *link, uint32_t index, const struct chunk *chunk)
{
    const struct output *output = &link->outputs.at[index];
    return (struct span){.kind = kind_of_chunk(link, output, chunk),
                         .in_file = output->in_file,
                         .output = index,
                         .atom = chunk->atom,
                         .file_offset = output->file_offset + chunk->offset,
                         .load_address = output->load_address + chunk->offset,
                         .address = output->address + chunk->offset,
                         .size = chunk->size};
}

/* ---- what lies between them ---- */

struct order {
    bool in_file;
    uint64_t at; /* file offset, or address of what takes memory only */
    uint32_t output;
};

static int compare_orders(const void *left, const void *right)
{
    const struct order *a = left, *b = right;
    if (a->in_file != b->in_file)
        return a->in_file ? -1 : 1;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return (a->output > b->output) - (a->output < b->output);
}

/* The room between two output sections: free when a signature or reserved bytes come behind it. */
static uint8_t kind_of_gap(const struct span *next)
{
    bool is_free = next && (next->kind == WELT_SPAN_SIGNATURE || next->kind == WELT_SPAN_RESERVED);
    return is_free ? WELT_SPAN_FREE : WELT_SPAN_FILL;
}

static void fill_gap(struct link *link, uint64_t from, uint64_t to, const struct span *next)
{
    uint64_t address = next ? next->address - (to - from) : link->image_start + from;
    add_span(link, (struct span){.kind = kind_of_gap(next),
                                 .in_file = true,
                                 .output = NONE,
                                 .atom = NONE,
                                 .file_offset = from,
                                 .load_address = link->image_start + from,
                                 .address = address,
                                 .size = to - from});
}

static void cut_front(struct span *span, uint64_t cut)
{
    span->file_offset += cut;
    span->load_address += cut;
    span->address += cut;
    span->size -= cut;
}

/* Adds a span of the file behind those before it: a gap is filled, and what overlaps (an error is
 * told elsewhere) is cut, so that the sum of the rows is the file's size whatever happened.
 * Provides where the file ends now. */
static uint64_t cover(struct link *link, uint64_t at, struct span span)
{
    uint64_t end = span.file_offset + span.size;
    if (span.file_offset > at)
        fill_gap(link, at, span.file_offset, &span);
    if (end <= at)
        return at;
    if (span.file_offset < at)
        cut_front(&span, at - span.file_offset);
    add_span(link, span);
    return end;
}

static uint64_t cover_with(struct link *link, uint64_t at, const struct order *order)
{
    const struct output *output = &link->outputs.at[order->output];
    for (size_t i = 0; i < output->chunks.count; i++) {
        struct span span = span_of_chunk(link, order->output, &output->chunks.at[i]);
        if (order->in_file)
            at = cover(link, at, span);
        else
            add_span(link, span);
    }
    return at;
}

/* The file is raised to what the layout says that it has (`__image_size`: whole sectors), or to
 * --pad-to. */
static uint64_t wanted_size(const struct link *link)
{
    uint64_t wanted = link->set->given.pad_to;
    uint32_t index = global_find(link, "__image_size");
    if (link->set->face == WELT_FACE_BOOT && index != NONE &&
        link->globals.at[index].state == GLOBAL_SCRIPT && link->globals.at[index].value > wanted)
        wanted = link->globals.at[index].value;
    return wanted;
}

static void pad_image(struct link *link, uint64_t size)
{
    uint64_t wanted = wanted_size(link);
    if (wanted > size)
        fill_gap(link, size, wanted, NULL);
    link->image_end = link->image_start + (wanted > size ? wanted : size);
}

/* Output sections in the order of the file, then those that take memory only. */
static size_t sort_outputs(struct link *link, struct order *orders)
{
    size_t count = 0, chunks = 0;
    for (uint32_t i = 0; i < link->outputs.count; i++) {
        const struct output *output = &link->outputs.at[i];
        if (output->is_discard || !(output->flags & SECTION_ALLOC))
            continue;
        uint64_t at = output->in_file ? output->file_offset : output->address;
        orders[count++] = (struct order){output->in_file, at, i};
        chunks += output->chunks.count;
    }
    qsort(orders, count, sizeof *orders, compare_orders);
    list_reserve(&link->arena, &link->spans, chunks + 2 * count + 1);
    return count;
}

static void check_size(struct link *link)
{
    uint64_t size = link->image_end - link->image_start, most = link->set->given.max_image_size;
    uint64_t padded = link->set->given.pad_to;
    link->laid_out = size <= most;
    if (!link->laid_out && size == padded)
        diagnose(link->host, WELT_ERROR, "image-size", (struct place){0},
                 "take a smaller size, or raise --max-image-size",
                 "--pad-to asks for %llu bytes: more than the %llu bytes that are allowed",
                 (unsigned long long)padded, (unsigned long long)most);
    else if (!link->laid_out)
        diagnose(link->host, WELT_ERROR, "image-size", (struct place){0},
                 "look for a section far away from the others, or raise --max-image-size",
                 "image reaches from 0x%llx to 0x%llx: more than the %llu bytes that are allowed",
                 (unsigned long long)link->image_start, (unsigned long long)link->image_end,
                 (unsigned long long)most);
}

/* An ELF file's spans are its sections alone; what stands between them has none. */
static void map_elf(struct link *link, struct order *orders)
{
    place_in_file(link);
    find_bounds(link);
    for (size_t i = 0; i < link->outputs.count; i++) {
        struct output *output = &link->outputs.at[i];
        output->in_file = output->has_header && !(output->flags & SECTION_NOBITS);
        output->file_offset = output->elf_offset;
    }
    link->image_end = link->image_start + link->sections_end;
    size_t count = sort_outputs(link, orders);
    for (size_t i = 0; i < count; i++)
        for (size_t c = 0; c < link->outputs.at[orders[i].output].chunks.count; c++)
            add_span(link, span_of_chunk(link, orders[i].output,
                                         &link->outputs.at[orders[i].output].chunks.at[c]));
    check_size(link);
}

void map_addresses(struct link *link)
{
    struct order *orders = NEW_ARRAY(&link->arena, struct order, link->outputs.count + 1);
    if (link->form.kind != FORM_FLAT) {
        map_elf(link, orders);
        return;
    }
    find_bounds(link);
    find_files_part(link);
    size_t count = sort_outputs(link, orders), next = 0;
    uint64_t end = 0;
    for (; next < count && orders[next].in_file; next++)
        end = cover_with(link, end, &orders[next]);
    pad_image(link, end);
    for (; next < count; next++)
        cover_with(link, end, &orders[next]);
    check_size(link);
}
