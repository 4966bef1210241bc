/* SPDX-License-Identifier: MIT
 *
 * Rows: the spans of the address map, cut at symbols.
 *
 *     .text of main.o (489 bytes)      small 9, large 323, middle 157
 *
 * With -ffunction-sections an atom is a function. Without, its symbols cut it: a symbol reaches to
 * the next one; labels within a function's declared size are part of the function. Bytes before the
 * first symbol have the section's name alone.
 *
 * A sector that was written by hand ends in what fills it and its signature, and both are told as
 * that, not as the last symbol's:
 *
 *     message: db "Hello", 0
 *              times 510 - ($ - $$) db 0          fill
 *              dw 0xaa55                          signature */
#include "ask.h"
#include "report/labels.h"
#include "report/model.h"

#include <stdlib.h>
#include <string.h>

enum { SIGNATURE_AT = 510, SIGNATURE_END = 512, LEAST_FILLING = 8 };

struct cut {
    const struct symbol *symbol;
    uint32_t atom;
    uint64_t offset; /* in the atom */
};

struct cutter {
    struct link *link;
    struct report *report;
    LIST(struct cut) cuts; /* by atom and offset, the best name of a place first */
    size_t next;           /* the first cut of this atom or of a later one */
    const char **sources;  /* input -> the file that its FILE symbol names, or NULL */
    uint64_t loaded;       /* bytes of the spans so far that are in the file */
};

/* ---- where to cut ---- */

static int rank(const struct symbol *symbol)
{
    int kind = symbol->kind == SYMBOL_FUNCTION || symbol->kind == SYMBOL_OBJECT ? 2 : 0;
    return kind + (symbol->binding != BIND_LOCAL);
}

static int compare_cuts(const void *left, const void *right)
{
    const struct cut *a = left, *b = right;
    if (a->atom != b->atom)
        return a->atom < b->atom ? -1 : 1;
    if (a->offset != b->offset)
        return a->offset < b->offset ? -1 : 1;
    int order = rank(b->symbol) - rank(a->symbol);
    return order ? order : (a->symbol > b->symbol) - (a->symbol < b->symbol);
}

static void add_cut(struct cutter *cutter, const struct input *input, const struct symbol *symbol)
{
    struct link *link = cutter->link;
    bool is_name = symbol->home == HOME_SECTION && symbol->kind != SYMBOL_SECTION &&
                   symbol->kind != SYMBOL_FILE && symbol->name_size &&
                   strncmp(symbol->name, ".L", 2) != 0; /* compilers' labels: a string says more */
    if (!is_name || !input->object->sections[symbol->section].atom_count)
        return;
    uint64_t rest;
    uint32_t atom = input->first_atom + symbol_atom(input->object, symbol, &rest);
    if (link->atoms[atom].is_live && rest < atom_of(link, atom)->size)
        *list_add(&cutter->report->arena, &cutter->cuts) = (struct cut){symbol, atom, rest};
}

/* An object that was joined of several (ld -r) has several, and none counts for all. */
static const char *source_of(const struct object *object)
{
    const char *name = NULL;
    for (uint32_t s = 1; s < object->symbol_count; s++) {
        if (object->symbols[s].kind != SYMBOL_FILE)
            continue;
        if (name)
            return NULL;
        name = object->symbols[s].name;
    }
    return name && name[0] ? name : NULL;
}

static void find_cuts(struct cutter *cutter)
{
    struct link *link = cutter->link;
    cutter->sources = (const char **)arena_array(&cutter->report->arena, link->inputs.count + 1,
                                                 sizeof *cutter->sources);
    for (size_t i = 0; i < link->inputs.count; i++) {
        const struct input *input = &link->inputs.at[i];
        cutter->sources[i] = source_of(input->object);
        for (uint32_t s = 1; s < input->object->symbol_count; s++)
            add_cut(cutter, input, &input->object->symbols[s]);
    }
    if (cutter->cuts.count)
        qsort(cutter->cuts.at, cutter->cuts.count, sizeof *cutter->cuts.at, compare_cuts);
}

static size_t first_cut(const struct cutter *cutter, uint32_t atom)
{
    size_t low = 0, high = cutter->cuts.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (cutter->cuts.at[middle].atom < atom)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- one row ---- */

static const char *region_name(const struct link *link, uint32_t region)
{
    return region == NONE ? NULL : link->regions.at[region].name;
}

static struct report_row row_of_span(const struct cutter *cutter, const struct span *span)
{
    const struct link *link = cutter->link;
    struct report_row row = {.kind = span->kind,
                             .in_file = span->in_file,
                             .offset = span->in_file ? cutter->loaded : 0,
                             .load_address = span->load_address,
                             .address = span->address,
                             .size = span->size,
                             .keeper = NONE,
                             .atom = NONE};
    if (span->output == NONE)
        return row;
    const struct output *output = &link->outputs.at[span->output];
    row.output = output->name;
    row.region = region_name(link, output->region);
    row.load_region =
        output->flags & SECTION_NOBITS ? NULL : region_name(link, output->load_region);
    return row;
}

static const char *string_text(struct cutter *cutter, uint32_t atom)
{
    struct text text = {.arena = &cutter->report->arena};
    if (!is_string_piece(cutter->link, atom))
        return NULL;
    add_string(&text, cutter->link, (struct spot){atom, 0});
    return (const char *)text_close(&text).data;
}

/* What the linker makes of its own (a jump to the entry, a table) has no object; a common symbol's
 * room belongs to the one that asked for it. */
static struct report_row row_of_atom(struct cutter *cutter, const struct span *span)
{
    struct link *link = cutter->link;
    struct report_row row = row_of_span(cutter, span);
    uint32_t owner = atom_owner(link, span->atom);
    row.atom = span->atom;
    row.section = atom_section(link, span->atom)->name;
    if (owner == link->made_input)
        return row;
    row.object = link->titles[owner];
    row.source = cutter->sources[owner];
    return row;
}

static void add_part(struct cutter *cutter, const struct report_row *whole, uint64_t from,
                     uint64_t to, const struct symbol *symbol)
{
    if (from == to)
        return;
    struct report_row row = *whole;
    uint64_t skipped = from - whole->in_atom;
    row.in_atom = from;
    row.offset += skipped;
    row.load_address += skipped;
    row.address += skipped;
    row.size = to - from;
    row.symbol = symbol ? symbol->name : NULL;
    if (!symbol)
        row.text = string_text(cutter, row.atom);
    *list_add(&cutter->report->arena, &cutter->report->rows) = row;
}

/* How many bytes of the last part, `from` to `end`, fill the sector: zeros, and so many that they
 * are no variable's. */
static uint64_t filling(const struct cutter *cutter, uint32_t atom, uint64_t from, uint64_t end)
{
    const unsigned char *bytes = atom_section(cutter->link, atom)->bytes;
    uint64_t start = end;
    while (start > from && !bytes[start - 1])
        start--;
    return end - start >= LEAST_FILLING ? end - start : 0;
}

/* Of an entry's section that is a whole sector: up to its own signature. */
static void add_end_of_sector(struct cutter *cutter, const struct report_row *whole, uint64_t from,
                              const struct symbol *symbol, uint64_t covered)
{
    struct report_row part = *whole;
    uint64_t taken = covered > from ? covered : from;
    uint64_t fill = SIGNATURE_AT;
    if (taken < SIGNATURE_AT)
        fill -= filling(cutter, whole->atom, taken, SIGNATURE_AT);
    add_part(cutter, &part, from, fill, symbol);
    part.kind = WELT_SPAN_FILL;
    add_part(cutter, &part, fill, SIGNATURE_AT, NULL);
    part.kind = WELT_SPAN_SIGNATURE;
    add_part(cutter, &part, SIGNATURE_AT, SIGNATURE_END, NULL);
}

static bool has_own_signature(const struct link *link, const struct report_row *whole,
                              uint64_t from, uint64_t end)
{
    if (!link->signed_sector || whole->atom != link->entry_atom || from > SIGNATURE_AT ||
        end != SIGNATURE_END)
        return false;
    const unsigned char *bytes = atom_section(link, whole->atom)->bytes;
    return bytes[SIGNATURE_AT] == 0x55 && bytes[SIGNATURE_AT + 1] == 0xaa;
}

/* A span is a whole atom, or what is left of one that another section overlaps: a part that the cut
 * takes away begins before it. */
static void add_parts(struct cutter *cutter, const struct span *span)
{
    struct report_row whole = row_of_atom(cutter, span);
    whole.in_atom = span->address - atom_address(cutter->link, span->atom, 0);
    uint64_t from = whole.in_atom, end = from + span->size, covered = 0;
    const struct symbol *symbol = NULL;
    bool is_first = true;
    for (size_t i = first_cut(cutter, span->atom);
         i < cutter->cuts.count && cutter->cuts.at[i].atom == span->atom; i++) {
        const struct cut *cut = &cutter->cuts.at[i];
        bool is_within = cut->offset < covered || (!is_first && cut->offset == from);
        if (is_within || cut->offset >= end)
            continue;
        uint64_t at = cut->offset < whole.in_atom ? whole.in_atom : cut->offset;
        add_part(cutter, &whole, from, at, symbol);
        symbol = cut->symbol;
        from = at;
        covered = cut->offset + symbol->size;
        is_first = false;
    }
    if (has_own_signature(cutter->link, &whole, from, end))
        add_end_of_sector(cutter, &whole, from, symbol, covered);
    else
        add_part(cutter, &whole, from, end, symbol);
}

/* Requires the address map, name_atoms(). Provides report.rows, whose sizes add up to the spans',
 * and report.size, what is loaded: of a flat image the whole file. Offsets count what is loaded, so
 * that the headers and tables of an ELF file are in no row. */
void cut_rows(struct link *link, struct report *report)
{
    struct cutter cutter = {.link = link, .report = report};
    find_cuts(&cutter);
    for (size_t i = 0; i < link->spans.count; i++) {
        const struct span *span = &link->spans.at[i];
        if (span->atom != NONE)
            add_parts(&cutter, span);
        else
            *list_add(&report->arena, &report->rows) = row_of_span(&cutter, span);
        if (!span->in_file)
            continue;
        report->file_rows = report->rows.count;
        cutter.loaded += span->size;
    }
    report->size = cutter.loaded;
}
