/* SPDX-License-Identifier: MIT
 *
 * Room for common symbols, in the order of the linker that is stood in for.
 *
 * Requires: symbols resolved. Provides: a section for each, and its symbol defined there. */
#include "resolve/made.h"
#include "support/ld_order.h"

#include <stdlib.h>

struct common {
    uint32_t owner, global;
    int rank;       /* --sort-common */
    uint32_t order; /* of arrival, or GNU ld's */
};

/* GNU ld's classes: alignments of 16 and more are one. */
static int rank_of(const struct link *link, const struct global *global)
{
    int power = 0;
    while (power < 4 && global->align >> (power + 1))
        power++;
    switch (link->set->given.sort_commons) {
    case WELT_SORT_COMMONS_DESCENDING: return -power;
    case WELT_SORT_COMMONS_ASCENDING: return power;
    default: return 0;
    }
}

static bool sorts_as_ld(const struct link *link)
{
    return link->set->face == WELT_FACE_LD && !link->set->lld;
}

/* By the object that has them, as `*(.bss COMMON)` takes them with that object's .bss. */
static int compare_commons(const void *left, const void *right)
{
    const struct common *a = left, *b = right;
    if (a->owner != b->owner)
        return a->owner < b->owner ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

static bool has_commons(const struct object *object)
{
    for (uint32_t s = object->first_global; s < object->symbol_count; s++)
        if (object->symbols[s].home == HOME_COMMON)
            return true;
    return false;
}

/* lld goes through the symbols of the objects that have common ones, and takes what it meets, also
 * where an object only names it. */
static size_t find_commons_as_lld(struct link *link, struct common *commons)
{
    size_t count = 0;
    bool *met = NEW_ARRAY(&link->arena, bool, link->globals.count + 1);
    for (uint32_t i = 0; i < link->made_input; i++) {
        const struct input *input = &link->inputs.at[i];
        bool counts = has_commons(input->object);
        for (uint32_t s = input->object->first_global; counts && s < input->object->symbol_count;
             s++) {
            uint32_t global = input->named[s];
            if (global == NONE || met[global] || link->globals.at[global].state != GLOBAL_COMMON)
                continue;
            met[global] = true;
            commons[count++] = (struct common){link->globals.at[global].input, global, 0, 0};
        }
    }
    return count;
}

static size_t count_commons(const struct link *link)
{
    size_t count = 0;
    for (size_t i = 0; i < link->globals.count; i++)
        count += link->globals.at[i].state == GLOBAL_COMMON;
    return count;
}

static size_t find_commons(struct link *link, struct common *commons)
{
    size_t count = 0;
    if (link->form.as_lld)
        return find_commons_as_lld(link, commons);
    const uint32_t *order = sorts_as_ld(link) ? ld_order(&link->arena, &link->global_names) : NULL;
    for (uint32_t i = 0; i < link->globals.count; i++) {
        uint32_t index = order ? order[i] : i;
        const struct global *global = &link->globals.at[index];
        if (global->state == GLOBAL_COMMON)
            commons[count++] = (struct common){global->input, index, rank_of(link, global), i};
    }
    qsort(commons, count, sizeof *commons, compare_commons);
    return count;
}

static uint64_t align_of_common(const struct global *global)
{
    return global->align && !(global->align & (global->align - 1)) ? global->align : 1;
}

/* Those of one object begin where the most demanding of them may. */
static uint64_t largest_align(const struct link *link, const struct common *commons, size_t count)
{
    uint64_t largest = 1;
    for (size_t i = 0; i < count && commons[i].owner == commons[0].owner; i++) {
        uint64_t align = align_of_common(&link->globals.at[commons[i].global]);
        if (align > largest)
            largest = align;
    }
    return largest;
}

static bool is_of_thread(const struct link *link, const struct global *global)
{
    const struct symbol *symbol = &link->inputs.at[global->input].object->symbols[global->symbol];
    return symbol->kind == SYMBOL_THREAD_LOCAL;
}

static void make_common(struct maker *maker, uint32_t index, uint64_t align)
{
    struct global *global = &maker->link->globals.at[index];
    bool in_thread = is_of_thread(maker->link, global);
    uint32_t flags = SECTION_ALLOC | SECTION_WRITE | SECTION_NOBITS;
    struct section common = {.name = in_thread ? ".tcommon" : "COMMON",
                             .size = global->value,
                             .align = align > 1u << 30 ? 1u << 30 : (uint32_t)align,
                             .flags = flags | (in_thread ? SECTION_TLS : 0)};
    uint32_t section = made_section(maker, common, global->input);
    made_define(maker, global, index, section, common.size);
    if (in_thread)
        maker->symbols.at[global->symbol].kind = SYMBOL_THREAD_LOCAL;
}

void make_commons(struct maker *maker)
{
    struct link *link = maker->link;
    size_t count = count_commons(link);
    if (!count)
        return;
    struct common *commons = NEW_ARRAY(&link->arena, struct common, count);
    count = find_commons(link, commons);
    for (size_t i = 0; i < count; i++) {
        bool is_first = !i || commons[i].owner != commons[i - 1].owner;
        uint64_t align = align_of_common(&link->globals.at[commons[i].global]);
        if (is_first && sorts_as_ld(link))
            align = largest_align(link, commons + i, count - i);
        make_common(maker, commons[i].global, align);
    }
}
