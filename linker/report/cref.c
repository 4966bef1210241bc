/* SPDX-License-Identifier: MIT
 *
 * --cref: each symbol with who defines it, who has it as a common symbol and who uses it; within
 * these the newest input first. The form is GNU ld's. */
#include "report/report.h"

#include "ask.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_COLUMN = 50 };

/* By what an object is to a symbol. */
enum role { ROLE_DEFINES, ROLE_COMMON, ROLE_USES };

struct mention {
    const char *name;
    uint32_t input;
    uint8_t role;
};

struct mention_list LIST_OF(struct mention);

static uint8_t role_of(const struct symbol *symbol)
{
    switch (symbol->home) {
    case HOME_UNDEFINED: return ROLE_USES;
    case HOME_COMMON: return ROLE_COMMON;
    default: return ROLE_DEFINES;
    }
}

static void collect(const struct link *link, struct arena *arena, uint32_t index,
                    struct mention_list *all)
{
    const struct input *input = &link->inputs.at[index];
    const struct object *object = input->object;
    for (uint32_t i = object->first_global; i < object->symbol_count; i++)
        if (input->named[i] != NONE)
            *list_add(arena, all) = (struct mention){link->globals.at[input->named[i]].name, index,
                                                     role_of(&object->symbols[i])};
}

static int compare(const void *left, const void *right)
{
    const struct mention *a = left, *b = right;
    int order = strcmp(a->name, b->name);
    if (order)
        return order;
    if (a->role != b->role)
        return a->role < b->role ? -1 : 1;
    return (a->input < b->input) - (a->input > b->input);
}

static void add_row(struct text *text, const char *name, const char *file)
{
    text_add(text, "%-*.400s ", FILE_COLUMN - 1, name);
    text_add(text, NAME, file);
    text_end_line(text);
}

welt_bytes report_cref(struct link *link, struct arena *arena)
{
    struct text text = {.arena = arena};
    struct mention_list all = {0};
    for (uint32_t i = 0; i < link->inputs.count; i++)
        if (link->inputs.at[i].globals && !(link->atoms && i == link->made_input))
            collect(link, arena, i, &all);
    if (all.count)
        qsort(all.at, all.count, sizeof *all.at, compare);
    text_end_line(&text);
    text_add(&text, "Cross Reference Table");
    text_end_line(&text);
    text_end_line(&text);
    add_row(&text, "Symbol", "File");
    for (size_t i = 0; i < all.count; i++) {
        bool is_first = !i || strcmp(all.at[i].name, all.at[i - 1].name) != 0;
        add_row(&text, is_first ? all.at[i].name : "",
                object_title(arena, link->inputs.at[all.at[i].input].object));
    }
    return text_close(&text);
}
