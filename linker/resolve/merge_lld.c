/* SPDX-License-Identifier: MIT
 *
 * Equal strings and constants are one, in lld's order.
 *
 * Requires: live pieces with their output sections. Provides: leaders, and in link.taken and the
 * orphans' lists the pieces where lld puts them.
 *
 *     *(.rodata .rodata.*)    .rodata of a.o     .rodata
 *                             strings of a.o     strings of a.o and b.o, each once, by hash
 *                             .rodata of b.o     .rodata of b.o
 *                             strings of b.o
 *
 * Mergeable sections of an output section that are of one kind (flags, size of an entry, for
 * strings also alignment) become one table, which stands where the first of them stood. It has
 * thirty-two parts; the hash of a piece chooses its part, and within a part pieces keep the order
 * in which they came.
 *
 * With -O2 a string may lie at the end of another. Then a table's strings are sorted by their last
 * byte, the one before it and so on, the greatest first, so that each follows one that it could be
 * the end of; what leads keeps this order, in one part. */
#include "resolve/merge_lld.h"

#include "ask.h"
#include "support/xxh3.h"

#include <stdlib.h>
#include <string.h>

enum { PARTS = 32 };

struct table {
    struct names pieces; /* contents; a number is an index into `leaders` */
    struct atom_list leaders, parts[PARTS];
    uint32_t flags, entsize, align;
    struct atom_list *home; /* the list in which it stands, and where */
    size_t place;
};

struct tables LIST_OF(struct table *);

static bool is_mergeable(const struct link *link, uint32_t atom)
{
    const struct section *section = atom_section(link, atom);
    return (section->flags & SECTION_MERGE) && atom_of(link, atom)->size && !section->ref_count;
}

static struct table *find_table(struct link *link, struct tables *tables, uint32_t atom,
                                struct atom_list *home, size_t place)
{
    const struct section *section = atom_section(link, atom);
    bool is_string = section->flags & SECTION_STRINGS;
    for (size_t i = 0; i < tables->count; i++) {
        struct table *table = tables->at[i];
        if (table->flags == (section->flags & ~(uint32_t)SECTION_GROUPED) &&
            table->entsize == section->entsize && (table->align == section->align || !is_string))
            return table;
    }
    struct table *table = NEW(&link->arena, struct table);
    names_open(&table->pieces, &link->arena);
    table->flags = section->flags & ~(uint32_t)SECTION_GROUPED;
    table->entsize = section->entsize;
    table->align = section->align;
    table->home = home;
    table->place = place;
    *list_add(&link->arena, tables) = table;
    return table;
}

/* The five highest bits of the hash's lower half, which is what lld keeps; of a string without its
 * end. */
static unsigned part_of(const struct section *section, const unsigned char *bytes, uint64_t size)
{
    uint64_t end = section->flags & SECTION_STRINGS ? section->entsize : 0;
    return (unsigned)(xxh3_64(bytes, size - end) >> 27) % PARTS;
}

static void add_piece(struct link *link, struct table *table, uint32_t atom)
{
    const struct section *section = atom_section(link, atom);
    const struct atom *its = atom_of(link, atom);
    const unsigned char *bytes = section->bytes + its->offset;
    struct atom_state *state = &link->atoms[atom];
    bool is_new;
    if (section->align > table->align)
        table->align = section->align;
    uint32_t number = names_add(&table->pieces, (const char *)bytes, its->size, &is_new);
    if (is_new) {
        *list_add(&link->arena, &table->leaders) = atom;
        *list_add(&link->arena, &table->parts[part_of(section, bytes, its->size)]) = atom;
        return;
    }
    state->leader = table->leaders.at[number];
    state->is_live = false;
    state->removed = REMOVED_MERGED;
}

/* ---- tails ---- */

struct string {
    const unsigned char *bytes;
    uint64_t size;
    uint32_t atom;
};

static int compare_from_end(const void *left, const void *right)
{
    const struct string *a = left, *b = right;
    uint64_t shorter = a->size < b->size ? a->size : b->size;
    for (uint64_t i = 1; i <= shorter; i++) {
        unsigned char x = a->bytes[a->size - i], y = b->bytes[b->size - i];
        if (x != y)
            return x > y ? -1 : 1;
    }
    return (a->size < b->size) - (a->size > b->size);
}

static bool is_end_of(const struct string *end, const struct string *whole, uint32_t align)
{
    return end->size <= whole->size && !((whole->size - end->size) & (align - 1)) &&
           memcmp(end->bytes, whole->bytes + (whole->size - end->size), end->size) == 0;
}

static void share_tails(struct link *link, struct table *table)
{
    size_t count = table->leaders.count;
    struct string *strings = NEW_ARRAY(&link->arena, struct string, count + 1);
    for (size_t i = 0; i < count; i++) {
        uint32_t atom = table->leaders.at[i];
        const struct atom *its = atom_of(link, atom);
        strings[i] =
            (struct string){atom_section(link, atom)->bytes + its->offset, its->size, atom};
    }
    qsort(strings, count, sizeof *strings, compare_from_end);
    for (unsigned part = 0; part < PARTS; part++)
        table->parts[part].count = 0;
    const struct string *whole = NULL;
    for (size_t i = 0; i < count; i++) {
        struct atom_state *state = &link->atoms[strings[i].atom];
        if (!whole || !is_end_of(&strings[i], whole, table->align)) {
            whole = &strings[i];
            *list_add(&link->arena, &table->parts[0]) = whole->atom;
            continue;
        }
        state->leader = whole->atom;
        state->leader_offset = whole->size - strings[i].size;
        state->is_live = false;
        state->removed = REMOVED_MERGED;
    }
}

/* ---- the tables ---- */

/* Takes the pieces out of a list; what is left keeps its order. */
static void take_pieces(struct link *link, struct tables *tables, struct atom_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        uint32_t atom = list->at[i];
        if (!link->atoms[atom].is_live || !is_mergeable(link, atom))
            list->at[kept++] = atom;
        else
            add_piece(link, find_table(link, tables, atom, list, kept), atom);
    }
    list->count = kept;
}

/* Puts the tables back into their lists, the last first, so that the places of those before stay.
 */
static void put_tables(struct link *link, const struct tables *tables)
{
    for (size_t t = tables->count; t-- > 0;) {
        struct table *table = tables->at[t];
        struct atom_list merged = {0};
        list_reserve(&link->arena, &merged, table->home->count + table->leaders.count);
        memcpy(merged.at, table->home->at, table->place * sizeof *merged.at);
        merged.count = table->place;
        for (unsigned part = 0; part < PARTS; part++)
            for (size_t i = 0; i < table->parts[part].count; i++) {
                uint32_t atom = table->parts[part].at[i];
                link->atoms[atom].align = table->align;
                merged.at[merged.count++] = atom;
            }
        size_t rest = table->home->count - table->place;
        memcpy(merged.at + merged.count, table->home->at + table->place, rest * sizeof *merged.at);
        merged.count += rest;
        *table->home = merged;
    }
}

void merge_as_lld(struct link *link)
{
    for (size_t i = 0; i < link->outputs.count; i++) {
        struct output *output = &link->outputs.at[i];
        struct tables tables = {0};
        for (const struct statement *s = output->statement ? output->statement->body : NULL; s;
             s = s->next)
            if (s->kind == STATEMENT_INPUT)
                take_pieces(link, &tables, &link->taken[s->index]);
        take_pieces(link, &tables, &output->orphans);
        for (size_t t = 0; link->set->given.share_tails && t < tables.count; t++)
            if (tables.at[t]->flags & SECTION_STRINGS)
                share_tails(link, tables.at[t]);
        put_tables(link, &tables);
    }
}
