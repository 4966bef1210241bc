/* SPDX-License-Identifier: MIT
 *
 * What a link met on its way: the files that it read (--trace, given twice also members), and who
 * mentions a symbol (--trace-symbol). The lines are GNU ld's. Both are made afterwards from what
 * the link holds: a link that nobody traces pays nothing. */
#include "report/report.h"

#include "ask.h"
#include "support/files.h"

#include <string.h>

static struct file *const *first_file(const struct link *link)
{
    return link->files.at + link->script_files;
}

static size_t file_count(const struct link *link)
{
    return link->input_files > link->script_files ? link->input_files - link->script_files : 0;
}

welt_bytes report_trace(struct link *link, struct arena *arena)
{
    struct text text = {.arena = arena};
    for (size_t i = 0; i < file_count(link); i++) {
        text_add(&text, NAME, first_file(link)[i]->path);
        text_end_line(&text);
    }
    return text_close(&text);
}

/* ---- members, behind the archive that they came from ---- */

struct member_chains {
    struct names paths;
    uint32_t *first; /* number of a path -> 1 + the input that is its first member, 0: none */
    uint32_t *next;  /* input -> the same for the next member */
};

static void chain_members(const struct link *link, struct arena *arena,
                          struct member_chains *chains)
{
    names_open(&chains->paths, arena);
    chains->first = NEW_ARRAY(arena, uint32_t, link->inputs.count + 1);
    chains->next = NEW_ARRAY(arena, uint32_t, link->inputs.count + 1);
    for (uint32_t i = (uint32_t)link->inputs.count; i-- > 0;) {
        const struct object *object = link->inputs.at[i].object;
        bool is_new;
        if (!object->member)
            continue;
        uint32_t path = names_add(&chains->paths, object->path, strlen(object->path), &is_new);
        chains->next[i] = chains->first[path];
        chains->first[path] = i + 1;
    }
}

static void add_members(const struct link *link, struct text *text, struct member_chains *chains,
                        const char *path)
{
    uint32_t number = names_find(&chains->paths, path, strlen(path));
    if (number == NO_NAME)
        return;
    for (uint32_t i = chains->first[number]; i; i = chains->next[i - 1]) {
        text_add(text, "(" NAME ")" NAME, path, link->inputs.at[i - 1].object->member);
        text_end_line(text);
    }
    chains->first[number] = 0; /* an archive that is named twice gave them the first time */
}

welt_bytes report_trace_members(struct link *link, struct arena *arena)
{
    struct text text = {.arena = arena};
    struct member_chains chains;
    chain_members(link, arena, &chains);
    for (size_t i = 0; i < file_count(link); i++) {
        const char *path = first_file(link)[i]->path;
        text_add(&text, NAME, path);
        text_end_line(&text);
        add_members(link, &text, &chains, path);
    }
    return text_close(&text);
}

/* ---- symbols ---- */

static void add_mentions(const struct link *link, struct text *text, const struct names *traced,
                         const struct input *input)
{
    const struct object *object = input->object;
    for (uint32_t i = object->first_global; i < object->symbol_count; i++) {
        if (input->named[i] == NONE)
            continue;
        const char *name = link->globals.at[input->named[i]].name;
        if (names_find(traced, name, strlen(name)) == NO_NAME)
            continue;
        bool is_use = object->symbols[i].home == HOME_UNDEFINED;
        text_add(text, NAME ": %s " NAME, object_title(text->arena, object),
                 is_use ? "reference to" : "definition of", name);
        text_end_line(text);
    }
}

welt_bytes report_traced_symbols(struct link *link, struct arena *arena)
{
    struct text text = {.arena = arena};
    const welt_options *given = &link->set->given;
    struct names traced;
    names_open(&traced, arena);
    for (size_t i = 0; i < given->traced_count; i++) {
        bool is_new;
        names_add(&traced, given->traced[i], strlen(given->traced[i]), &is_new);
    }
    for (uint32_t i = 0; given->traced_count && i < link->inputs.count; i++)
        if (link->inputs.at[i].named && i != link->made_input)
            add_mentions(link, &text, &traced, &link->inputs.at[i]);
    return text_close(&text);
}
