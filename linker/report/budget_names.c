/* SPDX-License-Identifier: MIT
 *
 * What a budget may name, by name. See budget_names.h. */
#include "report/budget_names.h"

#include <string.h>

static const char *name_of_row(const struct report_row *row, int kind)
{
    switch (kind) {
    case BUDGET_SECTION: return row->output;
    case BUDGET_OBJECT: return row->object;
    case BUDGET_SYMBOL: return row->symbol;
    default: return NULL;
    }
}

/* ---- objects by what their names end in ---- */

/* Whether `path` ends in so many bytes of `name`, and a `mark` stands before them. */
static bool ends_in(const char *path, size_t size, char mark, const char *name, size_t tail)
{
    return tail && tail < size && path[size - tail - 1] == mark &&
           memcmp(path + size - tail, name, tail) == 0;
}

static bool is_last_part(const char *path, const char *name, size_t tail)
{
    size_t size = strlen(path);
    bool is_member = size && path[size - 1] == ')';
    return ends_in(path, size, '/', name, tail) ||
           (is_member && ends_in(path, size - 1, '(', name, tail));
}

/* Of build/libc.a(memcpy.o): memcpy.o. Whatever goes by the last part of a path ends as it does. */
static const char *ending_of(const char *name, size_t *size)
{
    size_t end = strlen(name), begin;
    end -= end && name[end - 1] == ')';
    for (begin = end; begin && name[begin - 1] != '/' && name[begin - 1] != '(';)
        begin--;
    *size = end - begin;
    return name + begin;
}

static void index_endings(struct budget_names *names, struct arena *arena)
{
    names_open(&names->endings, arena);
    for (uint32_t i = (uint32_t)names->uses[BUDGET_OBJECT].count; i-- > 0;) {
        struct named_use *object = &names->uses[BUDGET_OBJECT].at[i];
        size_t size;
        bool is_new;
        const char *ending = ending_of(object->name, &size);
        uint32_t number = names_add(&names->endings, ending, size, &is_new);
        if (is_new)
            *list_add(arena, &names->by_ending) = NONE;
        object->next = names->by_ending.at[number];
        names->by_ending.at[number] = i;
    }
}

static const struct named_use *find_ending(const struct budget_names *names, const char *name)
{
    size_t size;
    const char *ending = ending_of(name, &size);
    uint32_t number = names_find(&names->endings, ending, size);
    if (number == NO_NAME)
        return NULL;
    for (uint32_t i = names->by_ending.at[number]; i != NONE;) {
        const struct named_use *object = &names->uses[BUDGET_OBJECT].at[i];
        if (is_last_part(object->name, name, strlen(name)))
            return object;
        i = object->next;
    }
    return NULL;
}

/* ---- all ---- */

static struct named_use *add_name(struct budget_names *names, struct arena *arena, int kind,
                                  const char *name)
{
    bool is_new;
    uint32_t number = names_add(&names->names[kind], name, strlen(name), &is_new);
    if (is_new)
        *list_add(arena, &names->uses[kind]) = (struct named_use){.name = name, .first_row = NONE};
    return &names->uses[kind].at[number];
}

/* A region is used up to its highest end: what alignment leaves free below counts. */
static void add_regions(struct budget_names *names, struct arena *arena)
{
    for (size_t i = 0; i < names->report->budgets.count; i++) {
        const struct report_budget *region = &names->report->budgets.at[i];
        size_t before = names->uses[BUDGET_REGION].count;
        if (region->kind != BUDGET_REGION)
            continue;
        struct named_use *use = add_name(names, arena, BUDGET_REGION, region->name);
        if (names->uses[BUDGET_REGION].count == before)
            continue;
        use->used = region->used;
        use->in_image = region->in_image;
    }
}

static void add_row(struct budget_names *names, struct arena *arena, const struct report_row *row)
{
    for (int kind = BUDGET_SECTION; kind < BUDGET_KINDS; kind++) {
        const char *name = name_of_row(row, kind);
        const struct report_budget budget = {.kind = (uint8_t)kind, .name = name};
        struct named_use *use = name ? add_name(names, arena, kind, name) : NULL;
        if (!use || !budget_counts(&budget, row))
            continue;
        use->used += row->size;
        use->in_image |= row->in_file;
    }
}

static void chain_symbols(struct budget_names *names, struct arena *arena)
{
    const struct report *report = names->report;
    names->next_row = NEW_ARRAY(arena, uint32_t, report->rows.count);
    for (uint32_t i = (uint32_t)report->rows.count; i-- > 0;) {
        const char *symbol = report->rows.at[i].symbol;
        if (!symbol)
            continue;
        struct named_use *use = add_name(names, arena, BUDGET_SYMBOL, symbol);
        names->next_row[i] = use->first_row;
        use->first_row = i;
    }
}

void budget_names_open(struct budget_names *names, const struct report *report, struct arena *arena)
{
    *names = (struct budget_names){.report = report};
    for (int kind = 0; kind < BUDGET_KINDS; kind++)
        names_open(&names->names[kind], arena);
    add_regions(names, arena);
    for (size_t i = 0; i < report->rows.count; i++)
        add_row(names, arena, &report->rows.at[i]);
    chain_symbols(names, arena);
    index_endings(names, arena);
}

const struct named_use *budget_names_find(const struct budget_names *names, enum budget_kind kind,
                                          const char *name)
{
    uint32_t number = names_find(&names->names[kind], name, strlen(name));
    if (number != NO_NAME)
        return &names->uses[kind].at[number];
    return kind == BUDGET_OBJECT ? find_ending(names, name) : NULL;
}

/* ---- a symbol of one object ---- */

static bool goes_by(const char *path, const char *name, size_t size)
{
    bool is_whole = strlen(path) == size && memcmp(path, name, size) == 0;
    return is_whole || is_last_part(path, name, size);
}

bool budget_names_find_within(const struct budget_names *names, const char *object, size_t size,
                              const char *symbol, struct report_budget *budget)
{
    const struct named_use *use = budget_names_find(names, BUDGET_SYMBOL, symbol);
    budget->object = NULL;
    for (uint32_t i = use ? use->first_row : NONE; i != NONE; i = names->next_row[i]) {
        const struct report_row *row = &names->report->rows.at[i];
        if (!budget->object && row->object && goes_by(row->object, object, size)) {
            budget->kind = BUDGET_SYMBOL;
            budget->name = row->symbol;
            budget->object = row->object;
        }
        if (!budget->object || !budget_counts(budget, row))
            continue;
        budget->used += row->size;
        budget->in_image |= row->in_file;
    }
    return budget->object != NULL;
}
