/* SPDX-License-Identifier: MIT
 *
 * What an operating system's loader would have done before the program begins, and nobody does.
 *
 *     init-array   constructors, whose array no live code refers to
 *     bss          memory that has to be zero, whose bounds no live code refers to
 *
 * Start-up code that zeroes .bss, or runs an array, has to know where it is: it refers to a symbol
 * of the layout (__bss_start, __init_array_start, whatever they are called) whose value lies at the
 * section's bounds. So the question is asked of addresses, not of names. */
#include "check/checks.h"

#include "ask.h"

#include <string.h>

typedef unsigned long long number; /* as printf() takes it */

struct extent {
    uint64_t start, end;
};

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

static bool knows_bounds(struct link *link, struct extent extent)
{
    struct bounds_search search = {.extent = extent};
    visit_live_refs(link, &search, is_bound);
    return search.by_layout || (search.by_label && any_fills_memory(link));
}

/* ---- .bss ---- */

/* A section of a name of its own without bytes is a place in memory (where the BIOS put the first
 * sector), but for C variables in it. */
static bool is_wanted_zero(const struct link *link, const struct span *span)
{
    if (span->kind != WELT_SPAN_BSS || span->atom == NONE || span->in_file)
        return false;
    const struct section *section = atom_section(link, span->atom);
    const struct symbol *symbol = link->atom_names[span->atom];
    bool is_variable = symbol && symbol->kind == SYMBOL_OBJECT;
    bool is_bss = strncmp(section->name, ".bss", 4) == 0 || strcmp(section->name, "COMMON") == 0;
    return (section->flags & SECTION_NOBITS) && (is_bss || is_variable);
}

static uint64_t bss_of(const struct link *link, struct extent *extent, uint32_t *first)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < link->spans.count; i++) {
        const struct span *span = &link->spans.at[i];
        if (!is_wanted_zero(link, span))
            continue;
        const struct output *output = &link->outputs.at[span->output];
        uint64_t end = output->address + output->size;
        if (!sum || output->address < extent->start)
            extent->start = output->address;
        if (!sum || end > extent->end)
            extent->end = end;
        if (!sum)
            *first = span->atom;
        sum += span->size;
    }
    return sum;
}

/* A buffer that a program in assembly declares need not be zero; a C variable must. */
static bool is_variable(const struct link *link, const struct extent *extent)
{
    for (size_t i = 0; i < link->spans.count; i++) {
        const struct span *span = &link->spans.at[i];
        const struct symbol *symbol =
            is_wanted_zero(link, span) ? link->atom_names[span->atom] : NULL;
        if (symbol && symbol->kind == SYMBOL_OBJECT && span->address < extent->end)
            return true;
    }
    return false;
}

/* What loads an ELF file that no BIOS enters (GRUB does) zeroes its .bss. */
static bool is_loaded_by_others(const struct link *link)
{
    return link->form.kind != FORM_FLAT && !is_boot_sector(link);
}

static void check_bss(struct link *link)
{
    struct extent extent = {0, 0};
    uint32_t first = NONE;
    if (is_loaded_by_others(link) || !bss_of(link, &extent, &first) || knows_bounds(link, extent))
        return;
    struct place place = atom_place(link, first, 0);
    place.symbol = link->atom_names[first] ? link->atom_names[first]->name : NULL;
    check_found_as(link->host, is_variable(link, &extent) ? WELT_WARNING : WELT_NOTE, CHECK_BSS,
                   place, "link the runtime's crt0 (main without _start), or zero it first",
                   ".bss 0x%llx-0x%llx is not in the image and nothing here zeroes it: no code "
                   "refers to its bounds",
                   (number)extent.start, (number)extent.end);
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
    if (check_applies(link, CHECK_BSS))
        check_bss(link);
}
