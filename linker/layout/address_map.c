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
 * The file begins at the lowest load address of what has bytes and ends at the highest. A .bss in
 * a hole of that range takes zeroes in the file; behind it, it takes none.
 *
 * Over its budget a program runs into what stands behind it. The map is then what is read most, so
 * each byte is counted once, and as what it would be for: the program's before the signature's and
 * the reserved ones, and memory's (.bss) is none of the file's. */
#include "layout/address_map.h"

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

/* By its name: what a script keeps free has no other mark. */
static bool is_reserved(const struct output *output)
{
    return strncmp(output->name, ".reserved", strlen(".reserved")) == 0;
}

/* ---- what of .bss is in the file ---- */

struct extent {
    uint64_t start, end; /* load addresses */
};

struct hole_finder {
    struct extent *extents; /* of what has bytes, by where it begins */
    uint64_t *reached;      /* … the highest end up to it */
    size_t count;
};

static int compare_extents(const void *left, const void *right)
{
    const struct extent *a = left, *b = right;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    return (a->end > b->end) - (a->end < b->end);
}

static struct hole_finder find_taken(struct link *link)
{
    struct hole_finder taken = {.count = 0};
    taken.extents = NEW_ARRAY(&link->arena, struct extent, link->outputs.count + 1);
    taken.reached = NEW_ARRAY(&link->arena, uint64_t, link->outputs.count + 1);
    for (size_t i = 0; i < link->outputs.count; i++) {
        const struct output *output = &link->outputs.at[i];
        if (has_bytes(output))
            taken.extents[taken.count++] =
                (struct extent){output->load_address, output->load_address + output->size};
    }
    qsort(taken.extents, taken.count, sizeof *taken.extents, compare_extents);
    for (size_t i = 0; i < taken.count; i++) {
        uint64_t before = i ? taken.reached[i - 1] : 0;
        taken.reached[i] = taken.extents[i].end > before ? taken.extents[i].end : before;
    }
    return taken;
}

/* Between what has bytes, and over none of it. */
static bool is_in_hole(const struct hole_finder *taken, uint64_t start, uint64_t end)
{
    size_t low = 0, high = taken->count; /* the first that begins at or behind `end` */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (taken->extents[middle].start < end)
            low = middle + 1;
        else
            high = middle;
    }
    return low && low < taken->count && taken->reached[low - 1] <= start;
}

static void find_files_part(struct link *link)
{
    struct hole_finder taken = find_taken(link);
    for (size_t i = 0; i < link->outputs.count; i++) {
        struct output *output = &link->outputs.at[i];
        uint64_t start = output->load_address, end = start + output->size;
        bool is_memory = !output->is_discard && output->size && !output_is_tbss(output) &&
                         output->flags & SECTION_ALLOC;
        bool is_kept_free =
            is_reserved(output) && start >= link->image_start && end <= link->image_end;
        output->in_file =
            has_bytes(output) || (is_memory && (is_kept_free || is_in_hole(&taken, start, end)));
        output->file_offset = output->load_address - link->image_start;
    }
}

/* ---- spans of one output section ---- */

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
    if (is_reserved(output))
        return WELT_SPAN_RESERVED;
    if (chunk->kind == CHUNK_DATA)
        return WELT_SPAN_SCRIPT;
    return chunk->kind == CHUNK_PADDING ? WELT_SPAN_PADDING : WELT_SPAN_FILL;
}

void add_span(struct link *link, struct span span)
{
    if (span.size)
        *list_add(&link->arena, &link->spans) = span;
}

struct span span_of_chunk(const struct link *link, uint32_t index, const struct chunk *chunk)
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

/* ---- the order of the file ---- */

static int compare_orders(const void *left, const void *right)
{
    const struct order *a = left, *b = right;
    if (a->layer != b->layer)
        return a->layer < b->layer ? -1 : 1;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return (a->output > b->output) - (a->output < b->output);
}

/* What an object brings comes first: see above. */
static enum layer layer_of(const struct link *link, const struct output *output)
{
    bool is_flat = link->form.kind == FORM_FLAT;
    if (!output->in_file)
        return MEMORY;
    if (!is_flat)
        return PROGRAM;
    for (size_t i = 0; has_bytes(output) && i < output->chunks.count; i++)
        if (output->chunks.at[i].kind == CHUNK_ATOM)
            return PROGRAM;
    return REST;
}

void fill_gap(struct link *link, uint64_t from, uint64_t to, const struct span *next)
{
    uint64_t address = next ? next->address - (to - from) : link->image_start + from;
    add_span(link, (struct span){.kind = WELT_SPAN_FILL,
                                 .in_file = true,
                                 .output = NONE,
                                 .atom = NONE,
                                 .file_offset = from,
                                 .load_address = link->image_start + from,
                                 .address = address,
                                 .size = to - from});
}

static void add_spans(struct link *link, uint32_t index)
{
    const struct output *output = &link->outputs.at[index];
    for (size_t i = 0; i < output->chunks.count; i++)
        add_span(link, span_of_chunk(link, index, &output->chunks.at[i]));
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
        orders[count++] = (struct order){layer_of(link, output), at, i};
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
    settle_headers(link);
    find_bounds(link);
    for (size_t i = 0; i < link->outputs.count; i++) {
        struct output *output = &link->outputs.at[i];
        output->in_file = output->has_header && !(output->flags & SECTION_NOBITS);
        output->file_offset = output->elf_offset;
    }
    link->image_end = link->image_start + link->sections_end;
    size_t count = sort_outputs(link, orders);
    for (size_t i = 0; i < count; i++)
        add_spans(link, orders[i].output);
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
    size_t count = sort_outputs(link, orders), counts[MEMORY + 1] = {0};
    for (size_t i = 0; i < count; i++)
        counts[orders[i].layer]++;
    pad_image(link, cover_file(link, orders, counts[PROGRAM], counts[REST]));
    find_signature(link);
    find_headroom(link);
    for (size_t i = counts[PROGRAM] + counts[REST]; i < count; i++)
        add_spans(link, orders[i].output);
    check_size(link);
}
