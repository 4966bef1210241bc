/* SPDX-License-Identifier: MIT
 *
 * Names that are there before any object: what the options and the script define or ask for; and
 * scripts among the inputs, which add to them.
 *
 * Requires: the script's tree. Provides: link.globals with what is named. */
#include "resolve/inputs.h"

#include "resolve/symbols.h"
#include "resolve/take.h"
#include "resolve/wrap.h"

#include <string.h>

/* GNU ld reads the values of symbols before it searches archives, so what they name is looked for
 * there; an expression that is first read when addresses are given (of the dot, an address, a byte)
 * takes what there is:
 *
 *     PROVIDE(_stack_more = 0);
 *     . = . + _stack_more;          0, unless an object that is linked anyway says otherwise
 *
 * lld asks archives for every name of a script. */
static void refer_to_all(struct link *link, const struct statement *s)
{
    const struct expr *const all[] = {s->value, s->address, s->load_address, s->align, s->subalign};
    bool is_symbol = s->kind == STATEMENT_ASSIGN && strcmp(s->name, ".") != 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i] && (is_symbol || link->set->lld))
            refer_to_names(link, all[i]);
        else if (all[i])
            use_names(link, all[i]);
    }
}

/* What PROVIDE offers is defined, and what it names referred to, only when somebody needs it. */
static void define_script_names(struct link *link, const struct statement *list)
{
    for (const struct statement *s = list; s; s = s->next) {
        if (s->kind == STATEMENT_ASSIGN && (s->flags & ASSIGN_PROVIDE))
            continue;
        if (s->kind == STATEMENT_ASSIGN && strcmp(s->name, ".") != 0)
            define_by_script(link, s->name, s);
        refer_to_all(link, s);
        define_script_names(link, s->body);
    }
}

static void want_externs(struct link *link, size_t first)
{
    for (size_t i = first; i < link->script->externs.count; i++)
        refer_to_symbol(link, link->script->externs.at[i]);
}

/* --retain-symbols-file: names between blanks. */
static void read_retained(struct link *link)
{
    static const char *const blanks = " \t\n\v\f\r";
    const char *path = link->set->given.retained_path;
    struct file *file = path ? open_input(link, path) : NULL;
    if (!file)
        return;
    link->retained = NEW_ARRAY(&link->arena, struct names, 1);
    names_open(link->retained, &link->arena);
    const char *end = (const char *)file->bytes + file->size;
    for (const char *c = (const char *)file->bytes; c < end;) {
        bool is_new;
        size_t size = strcspn(c, blanks); /* behind the bytes is a zero */
        if (size)
            names_add(link->retained, c, size, &is_new);
        c += size + 1;
    }
}

void name_beforehand(struct link *link)
{
    read_retained(link);
    const welt_options *given = &link->set->given;
    if (!link->set->lld)
        open_wraps(link);
    if (known_entry(link))
        refer_to_symbol(link, known_entry(link));
    for (size_t i = 0; i < given->undefined_count; i++)
        refer_to_symbol(link, given->undefined[i]);
    for (size_t i = 0; i < given->required_count; i++)
        refer_to_symbol(link, given->required[i]);
    want_externs(link, 0);
    for (size_t i = 0; i < link->defsyms.count; i++) {
        define_by_script(link, link->defsyms.at[i]->name, link->defsyms.at[i]);
        refer_to_names(link, link->defsyms.at[i]->value);
    }
    define_script_names(link, link->script->commands);
}

/* ---- scripts among the inputs ---- */

bool is_no_script(const char *path)
{
    static const char *const ends[] = {".c",  ".h",  ".s", ".S",   ".asm", ".cpp",
                                       ".cc", ".rs", ".o", ".obj", ".a"};
    size_t size = strlen(path);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t end = strlen(ends[i]);
        if (size > end && strcmp(path + size - end, ends[i]) == 0)
            return true;
    }
    return false;
}

/* The layout is behind a script of -T, but before one that is an input. */
static void forbid_insert(struct link *link, const struct statement *list)
{
    for (const struct statement *s = list; s; s = s->next)
        if (s->kind == STATEMENT_INSERT)
            script_diagnose_with(link->host, WELT_ERROR, "script", &s->place,
                                 "give the script by -T",
                                 "INSERT finds no output section behind a script that is an input");
}

bool extend_script(struct link *link, const char *path, welt_bytes bytes)
{
    struct script *script = link->script;
    struct statement **added = &script->commands;
    size_t externs = script->externs.count;
    if (is_given_script(link, path, link->set->given.more_script_count)) {
        diagnose(link->host, WELT_ERROR, "script", (struct place){.file = path},
                 "leave it out among the inputs", "is the linker script of -T, too");
        return false;
    }
    const char *output = script->output; /* for GNU ld too late to change it */
    bool had_sections = script->has_sections;
    while (*added)
        added = &(*added)->next;
    script->has_sections = false;
    bool is_read = script_extend(&link->arena, script, path, (const char *)bytes.data, bytes.size,
                                 include_file, link);
    if (is_read && script->has_sections)
        diagnose(link->host, WELT_WARNING, "script", (struct place){.file = path},
                 "a script that is to be the layout is given by -T",
                 "has output sections, which come behind those of the layout");
    if (!is_read)
        diagnose(link->host, WELT_NOTE, "script", (struct place){.file = path},
                 "compile or assemble it first, if it is a source; a layout is given by -T",
                 "is no object, so it was read as a linker script");
    script->has_sections |= had_sections;
    script->output = output;
    forbid_insert(link, *added);
    define_script_names(link, *added);
    want_externs(link, externs);
    return is_read;
}
