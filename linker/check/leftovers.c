/* SPDX-License-Identifier: MIT
 *
 * What an operating system's loader would have done before the program begins, and nobody does.
 *
 *     init-array   constructors, whose array no live code refers to
 *     bss          memory that has to be zero, whose bounds no live code refers to (bss.c)
 *
 * Start-up code that zeroes .bss, or runs an array, has to know where it is: it refers to a symbol
 * of the layout (__bss_start, __init_array_start, whatever they are called) whose value lies at the
 * section's bounds. So the question is asked of addresses, not of names. */
#include "check/checks.h"

#include "ask.h"

#include <string.h>

typedef unsigned long long number; /* as printf() takes it */

/* ---- who knows its bounds ---- */

struct bounds_search {
    struct extent extent;
    bool by_layout, by_label;
};

/* A symbol of the layout; or a label at the very beginning, which may also be the first variable.
 */
static bool is_bound(struct link *link, void *to, uint32_t atom, const struct ref *ref)
{
    struct bounds_search *search = to;
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    struct target target = ref_target(link, input, ref);
    if (target.kind != TARGET_SCRIPT && target.kind != TARGET_ATOM)
        return true;
    uint64_t address = target_address(link, &target);
    bool is_there = address == search->extent.start || address == search->extent.end;
    search->by_layout = is_there && target.kind == TARGET_SCRIPT;
    search->by_label |= is_there;
    return !search->by_layout;
}

/* rep stosb, stosw or stosd, with its prefixes in either order. */
static bool fills_memory(const unsigned char *bytes, uint64_t size)
{
    for (uint64_t i = 0; i + 1 < size; i++) {
        bool is_rep = bytes[i] == 0xf3;
        uint64_t next = i + 1;
        while (next < size && (bytes[next] == 0x66 || bytes[next] == 0x67 || bytes[next] == 0x26))
            next++;
        if (is_rep && next < size && (bytes[next] == 0xaa || bytes[next] == 0xab))
            return true;
    }
    return false;
}

static bool any_fills_memory(const struct link *link)
{
    for (size_t i = 0; i < link->spans.count; i++) {
        const struct span *span = &link->spans.at[i];
        if (span->kind != WELT_SPAN_CODE || span->atom == NONE)
            continue;
        const struct atom *atom = atom_of(link, span->atom);
        const struct section *section = atom_section(link, span->atom);
        if (section->bytes && fills_memory(section->bytes + atom->offset, atom->size))
            return true;
    }
    return false;
}

bool knows_bounds(struct link *link, struct extent extent)
{
    struct bounds_search search = {.extent = extent};
    visit_live_refs(link, &search, is_bound);
    return search.by_layout || (search.by_label && any_fills_memory(link));
}

/* ---- constructors ---- */

/* .init and .fini are functions in pieces, also where an assembler did not say that they are code.
 */
static bool is_array(const struct section *section)
{
    return (section->flags & SECTION_INIT) && !(section->flags & SECTION_EXEC) &&
           strcmp(section->name, ".init") != 0 && strcmp(section->name, ".fini") != 0;
}

static void check_constructors(struct link *link)
{
    for (size_t i = 0; i < link->spans.count; i++) {
        const struct span *span = &link->spans.at[i];
        if (span->atom == NONE || !is_array(atom_section(link, span->atom)))
            continue;
        const struct output *output = &link->outputs.at[span->output];
        struct extent extent = {span->address, output->address + output->size};
        if (!knows_bounds(link, extent))
            check_found(link->host, CHECK_INIT_ARRAY, atom_place(link, span->atom, 0), NULL,
                        "nothing here calls the constructors in `%s'",
                        atom_section(link, span->atom)->name);
        return;
    }
}

void check_leftovers(struct link *link)
{
    if (check_applies(link, CHECK_INIT_ARRAY))
        check_constructors(link);
}
