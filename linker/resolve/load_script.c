/* SPDX-License-Identifier: MIT
 *
 * The script of a link: the caller's, or a built-in layout.
 *
 * Requires: settings. Provides: link.script, link.defsyms, whether the output is flat. */
#include "resolve/inputs.h"
#include "script/layouts.h"
#include "support/files.h"

#include <string.h>

static const struct builtin_layout *find_layout(const char *name)
{
    for (size_t i = 0; i < builtin_layout_count; i++)
        if (strcmp(builtin_layouts[i].name, name) == 0)
            return &builtin_layouts[i];
    return NULL;
}

static const char *all_names(struct arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i < builtin_layout_count; i++)
        text = arena_format(arena, "%s%s%s", text, i ? ", " : "", builtin_layouts[i].name);
    return text;
}

/* ---- files that scripts name ---- */

static struct file *try_read(struct link *link, const char *path)
{
    struct file *file;
    if (file_read(&link->arena, path, &file) != FILE_READ)
        return NULL;
    *list_add(&link->arena, &link->files) = file;
    return file;
}

/* INCLUDE and -T look in the current folder, then in those of -L. */
static struct file *find_file(struct link *link, const char *name)
{
    struct file *file = try_read(link, name);
    const welt_options *given = &link->set->given;
    for (size_t i = 0; !file && name[0] != '/' && i < given->search_dir_count; i++)
        file = try_read(link, arena_format(&link->arena, "%s/%s", given->search_dirs[i], name));
    return file;
}

const char *include_file(void *user, const char *name, size_t *size)
{
    struct file *file = find_file(user, name);
    if (!file)
        return NULL;
    *size = file->size;
    return (const char *)file->bytes;
}

/* ---- the script ---- */

/* A second text is read in behind the first. */
static void parse(struct link *link, const char *name, const char *text, size_t size)
{
    if (!link->script)
        link->script = script_parse(&link->arena, name, text, size, include_file, link);
    else if (!script_extend(&link->arena, link->script, name, text, size, include_file, link))
        link->script = NULL;
}

static void load_from_file(struct link *link, const char *path)
{
    unsigned before = link->host->errors;
    struct file *file = find_file(link, path);
    if (!file && link->host->errors == before)
        file_missing(link->host, path);
    if (file)
        parse(link, file->path, (const char *)file->bytes, file->size);
}

static const char *default_layout(const struct settings *set)
{
    if (set->given.layout)
        return set->given.layout;
    if (set->face == WELT_FACE_BOOT)
        return "sector";
    return "ld";
}

static void load_builtin(struct link *link, const char *name)
{
    const struct builtin_layout *layout = find_layout(name);
    if (!layout) {
        diagnose(link->host, WELT_ERROR, "layout", (struct place){0},
                 arena_format(&link->arena, "there are %s", all_names(&link->arena)),
                 "there is no built-in layout `%s'", name);
        return;
    }
    const char *title = arena_format(&link->arena, "layout:%s", name);
    parse(link, title, layout->text, strlen(layout->text));
}

/* What counts when there is no -T, or when -T only adds to it by INSERT. */
static void load_default(struct link *link)
{
    if (link->set->given.default_script_path && !link->set->given.layout)
        load_from_file(link, link->set->given.default_script_path);
    else
        load_builtin(link, default_layout(link->set));
}

static void load_layout(struct link *link)
{
    const welt_options *given = &link->set->given;
    if (given->script_text)
        parse(link, given->script_path ? given->script_path : "script", given->script_text,
              strlen(given->script_text));
    else if (given->script_path)
        load_from_file(link, given->script_path);
    else
        load_default(link);
    if (!link->script || !script_has_insert(link->script))
        return;
    load_default(link);
    if (link->script && !script_insert(link->host, link->script))
        link->script = NULL;
}

static void load_defsyms(struct link *link)
{
    const welt_options *given = &link->set->given;
    for (size_t i = 0; i < given->defsym_count; i++) {
        struct statement *s = script_parse_assignment(&link->arena, "--defsym", given->defsyms[i]);
        if (s)
            *list_add(&link->arena, &link->defsyms) = s;
    }
}

static bool is_binary(const char *format)
{
    return format && strcmp(format, "binary") == 0;
}

/* ELF files are an output of a later version: said outright, so that nobody boots half an image. */
static void check_format(struct link *link)
{
    const welt_options *given = &link->set->given;
    bool flat = (link->set->face == WELT_FACE_BOOT && given->format == WELT_FORMAT_BY_SCRIPT) ||
                given->format == WELT_FORMAT_BINARY ||
                (given->format == WELT_FORMAT_BY_SCRIPT && is_binary(link->script->output_format));
    if (flat)
        return;
    if (given->shared)
        diagnose(link->host, WELT_ERROR, "format", (struct place){0},
                 "link without -shared, or to a flat image: --oformat binary",
                 "a shared library needs a dynamic loader, and before an image there is none");
    diagnose(link->host, WELT_ERROR, "format", (struct place){0},
             "--oformat binary, or OUTPUT_FORMAT(binary) in the script, gives the flat image",
             "this version of Welt writes flat images only, no ELF files");
}

void load_script(struct link *link)
{
    load_layout(link);
    if (!link->script)
        return;
    load_defsyms(link);
    check_format(link);
}
