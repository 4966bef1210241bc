/* SPDX-License-Identifier: MIT
 *
 * The script of a link: the caller's, or a built-in layout.
 *
 * Requires: settings. Provides: link.script, link.defsyms, link.form: whether the output is flat.
 */
#include "ask.h"
#include "resolve/inputs.h"
#include "resolve/kept.h"
#include "resolve/layout_variants.h"
#include "script/layouts.h"
#include "steps.h"

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
    for (size_t i = 0; i < boot_layout_count(); i++)
        text = arena_format(arena, "%s%s%s", text, i ? ", " : "", builtin_layouts[i].name);
    return text;
}

/* ---- files that scripts name ---- */

static struct file *try_read(struct link *link, const char *path)
{
    struct file *file;
    return kept_read(link, path, &file) == FILE_READ ? file : NULL;
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

/* A second text is read in behind the first. What was last is what the link is said to use. */
static void parse(struct link *link, const char *name, const char *text, size_t size)
{
    link->script_text = text;
    link->script_size = size;
    if (!link->script) {
        link->script = script_parse(&link->arena, name, text, size, include_file, link);
        return;
    }
    if (!script_extend(&link->arena, link->script, name, text, size, include_file, link))
        link->script = NULL;
}

static bool is_input(const struct file *file)
{
    static const char *const marks[] = {"\177ELF", "!<arch>\n", "!<thin>\n"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (file->size >= strlen(marks[i]) && !memcmp(file->bytes, marks[i], strlen(marks[i])))
            return true;
    return false;
}

static void load_from_file(struct link *link, const char *path)
{
    unsigned before = link->host->errors;
    struct file *file = find_file(link, path);
    if (!file && link->host->errors == before)
        file_missing(link->host, path);
    if (file && is_input(file))
        diagnose(link->host, WELT_ERROR, "script", (struct place){.file = file->path},
                 "name it without -T; -T takes a linker script",
                 "is an object or archive, no linker script");
    else if (file)
        parse(link, file->path, (const char *)file->bytes, file->size);
}

static const char *default_layout(const struct settings *set)
{
    if (set->given.layout && !set->given.relocatable)
        return set->given.layout;
    if (set->face == WELT_FACE_BOOT)
        return "sector";
    return set->given.relocatable ? "ld-r" : "ld";
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
    const char *text = layout_variant(&link->arena, link->set, layout->text);
    parse(link, title, text, strlen(text));
}

/* lld has no script of its own: all is placed as orphans are (arrange_lld.c, place_lld.c). */
static bool is_unscripted(const struct settings *set)
{
    const welt_options *given = &set->given;
    return set->lld && set->face == WELT_FACE_LD && !given->relocatable && !given->layout &&
           !given->script_path && !given->script_text && !given->default_script_path;
}

/* What counts when there is no -T, or when -T only adds to it by INSERT. */
static void load_default(struct link *link)
{
    if (link->set->given.default_script_path && !link->set->given.layout)
        load_from_file(link, link->set->given.default_script_path);
    else if (is_unscripted(link->set))
        parse(link, "layout:lld", "", 0);
    else
        load_builtin(link, default_layout(link->set));
}

bool is_given_script(const struct link *link, const char *name, size_t more)
{
    const welt_options *given = &link->set->given;
    bool is_given = given->script_path && strcmp(given->script_path, name) == 0;
    for (size_t i = 0; i < more && !is_given; i++)
        is_given = strcmp(given->more_scripts[i], name) == 0;
    return is_given;
}

/* GNU ld reads every -T, one behind the other, and takes a name that it has read for a mistake. */
static void load_another(struct link *link, size_t index)
{
    const char *name = link->set->given.more_scripts[index];
    if (is_given_script(link, name, index))
        diagnose(link->host, WELT_ERROR, "script", (struct place){.file = name},
                 "leave one of them out", "two -T name this linker script");
    else
        load_from_file(link, name);
}

static void load_first(struct link *link)
{
    const welt_options *given = &link->set->given;
    if (given->script_text)
        parse(link, given->script_path ? given->script_path : "script", given->script_text,
              strlen(given->script_text));
    else
        load_from_file(link, given->script_path);
}

static struct statement **end_of(struct script *script)
{
    struct statement **end = &script->commands;
    while (*end)
        end = &(*end)->next;
    return end;
}

/* In lld's dialect INSERT adds to what stands before it, too (`-Tlink.x -Tdefmt.x`), and only its
 * own sections move. So its text goes before the others; what takes a section first is told by the
 * order of reading. Result: where the next of its kind goes. */
static struct statement **bring_forward(struct statement **added, struct statement **front)
{
    struct statement *first = *added, **end = added;
    while (*end)
        end = &(*end)->next;
    if (front == added)
        return end;
    *added = NULL;
    *end = *front;
    *front = first;
    return end;
}

/* false: a script of the options is a layout of its own, not one that adds to another by INSERT. */
static bool load_given(struct link *link)
{
    const welt_options *given = &link->set->given;
    struct statement **front = NULL;
    bool adds = true;
    if (!given->script_path && !given->script_text)
        return true;
    for (size_t i = 0; i <= given->more_script_count; i++) {
        struct statement **added = i ? end_of(link->script) : NULL;
        if (i)
            load_another(link, i - 1);
        else
            load_first(link);
        if (!link->script || link->host->errors)
            return false;
        bool has_insert = script_has_insert(i ? *added : link->script->commands);
        if (!i)
            front = has_insert ? end_of(link->script) : &link->script->commands;
        else if (has_insert && link->set->lld)
            front = bring_forward(added, front);
        adds = has_insert && adds;
        *list_add(&link->arena, &link->script_ends) = link->script->inputs.count;
    }
    return adds;
}

static void load_layout(struct link *link)
{
    if (load_given(link))
        load_default(link);
    if (link->script && script_has_insert(link->script->commands) &&
        !script_insert(link->host, link->script))
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

/* ---- what is written ---- */

/* OUTPUT_FORMAT's names are BFD's. */
static welt_format format_of_script(struct link *link)
{
    static const struct {
        const char *name;
        welt_format format;
    } known[] = {
        {"binary", WELT_FORMAT_BINARY},
        {"elf32-i386", WELT_FORMAT_ELF32_I386},
        {"elf64-x86-64", WELT_FORMAT_ELF64_X86_64},
        {"default", WELT_FORMAT_BY_SCRIPT},
    };
    const char *name = link->script->output_format;
    for (size_t i = 0; name && i < sizeof known / sizeof *known; i++)
        if (strcmp(name, known[i].name) == 0)
            return known[i].format;
    if (name)
        diagnose(link->host, WELT_ERROR, "format", place_in_script(link->script->format_place),
                 "there are binary, elf32-i386 and elf64-x86-64; objcopy makes others of these",
                 "OUTPUT_FORMAT(%s): Welt does not write this format", name);
    return WELT_FORMAT_BY_SCRIPT;
}

/* The face `welt` and lld's dialect link everything to where it runs. */
static bool knows_movable(const struct link *link)
{
    return link->form.kind == FORM_EXECUTABLE && link->set->face == WELT_FACE_LD && !link->set->lld;
}

static void check_form(struct link *link, welt_format format)
{
    const welt_options *given = &link->set->given;
    if (link->form.kind == FORM_RELOCATABLE && format == WELT_FORMAT_BINARY)
        diagnose(link->host, WELT_ERROR, "format", (struct place){0},
                 "leave --oformat binary out: -r makes an ELF object",
                 "relocatable output (-r) cannot be a flat image");
    bool is_movable = given->shared || given->pie;
    if (given->shared && link->form.kind != FORM_FLAT && !knows_movable(link))
        diagnose(link->host, WELT_ERROR, "format", (struct place){0},
                 "link without -shared, or to a flat image: --oformat binary",
                 "a shared file is made in GNU ld's dialect only, and not by -r");
    if (is_movable && knows_movable(link)) {
        link->form.shared = given->shared;
        link->form.pie = !given->shared;
    }
}

/* ld of amd64 makes ELF64, a boot build is 32 bits wide at most. */
static bool is_wide_without_objects(const struct link *link, welt_format format)
{
    const struct settings *set = link->set;
    if (format == WELT_FORMAT_BY_SCRIPT)
        format = set->given.emulation;
    if (format == WELT_FORMAT_BY_SCRIPT)
        return set->given.face == WELT_FACE_LD;
    return format == WELT_FORMAT_ELF64_X86_64;
}

/* The command line wins over the script, the script over the face. */
static void choose_form(struct link *link)
{
    const welt_options *given = &link->set->given;
    struct form *form = &link->form;
    welt_format format = format_of_script(link);
    bool boot = link->set->drop_notes;
    if (given->format != WELT_FORMAT_BY_SCRIPT)
        format = given->format;
    if (given->relocatable)
        form->kind = FORM_RELOCATABLE;
    else if (format == WELT_FORMAT_BINARY || (format == WELT_FORMAT_BY_SCRIPT && boot))
        form->kind = FORM_FLAT;
    else
        form->kind = FORM_EXECUTABLE;
    form->is_64 = is_wide_without_objects(link, format);
    check_form(link, format);
    form->with_debug = form->kind != FORM_FLAT || given->with_elf;
    form->merge =
        form->kind != FORM_RELOCATABLE &&
        (given->merge == WELT_BY_FACE ? boot || form->kind == FORM_EXECUTABLE || link->set->lld
                                      : given->merge == WELT_ON);
    form->pack = form->merge && form->kind == FORM_FLAT && !link->set->lld;
    form->as_lld = link->set->lld && form->kind != FORM_RELOCATABLE;
    form->is_unscripted = form->as_lld && is_unscripted(link->set);
}

/* A binary input has no class: NULL if there are only such. */
static const struct object *first_with_class(const struct link *link)
{
    for (size_t i = 0; i < link->objects.count; i++)
        if (!link->objects.at[i].object->is_raw)
            return link->objects.at[i].object;
    return NULL;
}

/* Requires: every input. Provides: the class of the ELF file: as asked for, else the first
 * object's. */
void choose_class(struct link *link)
{
    welt_format format = link->set->given.format;
    if (format == WELT_FORMAT_BY_SCRIPT)
        format = format_of_script(link);
    const struct object *first = first_with_class(link);
    bool is_open = format != WELT_FORMAT_ELF32_I386 && format != WELT_FORMAT_ELF64_X86_64;
    if (is_open && first)
        link->form.is_64 = first->architecture == ARCH_X86_64;
    else
        link->form.is_64 = is_wide_without_objects(link, is_open ? WELT_FORMAT_BY_SCRIPT : format);
}

/* What the options say, else OUTPUT of the script. */
const char *image_name(const struct link *link)
{
    const char *by_script = link->script ? link->script->output : NULL;
    const char *given = link->set->given.output_name;
    if (given)
        return given;
    return by_script ? by_script : "a.out";
}

void load_script(struct link *link)
{
    load_layout(link);
    link->script_files = link->files.count;
    if (!link->script)
        return;
    load_defsyms(link);
    choose_form(link);
}
