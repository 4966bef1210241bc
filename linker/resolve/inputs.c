/* SPDX-License-Identifier: MIT
 *
 * Inputs: files, libraries and groups of the command line, in their order; members of archives on
 * demand; at last the runtime library.
 *
 * Requires: the script's tree. Provides: link.inputs and link.globals, every object that takes
 * part.
 *
 * An archive is searched when its turn comes, for what is undefined then, as ld does (library.c).
 * Within a group the archives are searched in turn until none of them gives anything. In lld's
 * dialect they answer whoever asks, and groups mean nothing (lazy.c). */
#include "resolve/inputs.h"

#include "resolve/find_file.h"
#include "resolve/lazy.h"
#include "resolve/library.h"
#include "resolve/provides.h"
#include "resolve/runtime_library.h"
#include "resolve/symbols.h"
#include "resolve/take.h"
#include "resolve/wrap.h"
#include "steps.h"

#include <string.h>

enum { MOST_SCRIPT_DEPTH = 16, MOST_SCRIPTS = 256 };

struct loader {
    struct link *link;
    LIST(struct library *) all;   /* archives that are searched */
    LIST(struct library *) group; /* those since --start-group */
    struct lazy *lazy;            /* in lld's dialect, else NULL */
    bool in_group, whole, just_symbols;
    bool raw;                 /* what is read is linked as it is */
    bool *done;               /* item of the command line -> loaded */
    struct names file_names;  /* of items and of files that the script mentions */
    struct atom_list by_name; /* a name's number -> the first to have it: an item, or behind the
                                 items one of the script's inputs; NONE: mentioned only */
    size_t scripts_done;      /* of link.script_ends: what these scripts name is loaded */
    size_t script_inputs;     /* of the script's inputs, those whose turn has come */
    size_t named;          /* … those that the layout names: not those of scripts among inputs */
    bool *named_done;      /* of these: loaded before its turn */
    unsigned script_count; /* of scripts that are inputs */
    unsigned script_depth;
    const char *script_paths[MOST_SCRIPT_DEPTH]; /* of those that are being read */
    bool scripts_stopped;                        /* there were too many: no other is read */
};

/* ---- archives ---- */

static void add_whole(struct loader *loader, struct library *library)
{
    struct link *link = loader->link;
    for (uint32_t i = 0; i < library->archive->member_count; i++) {
        size_t before = link->inputs.count;
        library_take(link, library, i);
        if (loader->lazy)
            lazy_follow(loader->lazy, before);
    }
}

static void add_archive(struct loader *loader, const char *path, welt_bytes bytes)
{
    struct link *link = loader->link;
    struct library *library = library_open(link, path, bytes);
    if (!library)
        return;
    if (loader->whole) {
        add_whole(loader, library);
        return;
    }
    *list_add(&link->arena, &loader->all) = library;
    if (loader->lazy) {
        lazy_offer(loader->lazy, library);
        return;
    }
    library_search(link, library);
    if (loader->in_group)
        *list_add(&link->arena, &loader->group) = library;
}

static void close_group(struct loader *loader)
{
    bool pulled = true;
    while (pulled) {
        pulled = false;
        for (size_t i = 0; i < loader->group.count; i++)
            pulled |= library_search(loader->link, loader->group.at[i]);
    }
    loader->group.count = 0;
    loader->in_group = false;
}

/* An entry that was named late (`main` is there, so `_start` must be) is looked for in the caller's
 * archives before the runtime's crt0 is taken: from the first that has it on, they are searched
 * again. */
static void search_for_entry(const struct loader *loader)
{
    struct link *link = loader->link;
    bool found = false;
    if (!link->entry_name || link->globals.at[link->entry_global].state != GLOBAL_UNDEFINED)
        return;
    for (size_t i = 0; i < loader->all.count; i++) {
        found = found || library_has(loader->all.at[i], link->entry_name);
        if (found)
            library_search(link, loader->all.at[i]);
    }
}

/* ---- a file by its kind ---- */

static void add_script(struct loader *loader, const char *path, welt_bytes bytes);

static void add_object_file(struct loader *loader, const char *path, welt_bytes bytes)
{
    size_t before = loader->link->inputs.count;
    add_elf(loader->link, path, NULL, bytes, false);
    if (loader->lazy)
        lazy_follow(loader->lazy, before);
}

/* GNU ld and lld read it as a script that says nothing; what is called an object was meant to be
 * one. */
static void add_empty(const struct loader *loader, const char *path, welt_bytes bytes)
{
    struct link *link = loader->link;
    if (link->set->face == WELT_FACE_BOOT)
        refuse_input(link, path, NULL, bytes);
    else if (is_no_script(path))
        diagnose(link->host, WELT_WARNING, "object-format", (struct place){.file = path},
                 "the step that made it failed: make it again",
                 "is an empty file: it adds nothing");
}

static void add_bytes(struct loader *loader, const char *path, welt_bytes bytes)
{
    struct link *link = loader->link;
    if (loader->raw) {
        add_raw(link, path, bytes);
        return;
    }
    switch (file_kind_of(bytes.data, bytes.size)) {
    case FILE_ELF_OBJECT:
    case FILE_ELF_LINKED:
        if (loader->just_symbols)
            add_values_of(link, path, bytes);
        else
            add_object_file(loader, path, bytes);
        break;
    case FILE_ARCHIVE:
    case FILE_THIN_ARCHIVE: add_archive(loader, path, bytes); break;
    case FILE_TEXT: add_script(loader, path, bytes); break;
    case FILE_EMPTY: add_empty(loader, path, bytes); break;
    default: refuse_input(link, path, NULL, bytes); break;
    }
}

static void add_path(struct loader *loader, const char *path)
{
    struct file *file = open_input(loader->link, path);
    if (file)
        add_bytes(loader, file->path, (welt_bytes){file->bytes, file->size});
}

static void add_library(struct loader *loader, const char *name)
{
    const struct file *file = find_library(loader->link, name);
    if (file)
        add_bytes(loader, file->path, (welt_bytes){file->bytes, file->size});
}

/* ---- files that scripts name ---- */

static void add_script_file(struct loader *loader, const struct script_input *input)
{
    struct link *link = loader->link;
    unsigned before = link->host->errors;
    const struct file *file = find_script_file(link, input);
    if (file)
        add_bytes(loader, file->path, (welt_bytes){file->bytes, file->size});
    else if (link->host->errors == before)
        script_diagnose(link->host, WELT_ERROR, "file", &input->place,
                        "`%.200s' was not found, which the script names as an input", input->name);
}

static void note_name(struct loader *loader, const char *name, uint32_t item)
{
    bool is_new;
    names_add(&loader->file_names, name, strlen(name), &is_new);
    if (is_new)
        *list_add(&loader->link->arena, &loader->by_name) = item;
}

static void open_names(struct loader *loader)
{
    const struct link *link = loader->link;
    names_open(&loader->file_names, &loader->link->arena);
    if (link->script->startup)
        note_name(loader, link->script->startup, NONE);
    for (uint32_t i = 0; i < link->items.count; i++)
        if (link->items.at[i].kind == INPUT_FILE || link->items.at[i].kind == INPUT_BYTES)
            note_name(loader, link->items.at[i].name, i);
    for (uint32_t i = 0; i < loader->named; i++)
        if (link->script->inputs.at[i].kind == SCRIPT_FILE)
            note_name(loader, link->script->inputs.at[i].name, (uint32_t)link->items.count + i);
}

static void add_item(struct loader *loader, size_t index);
static void add_script_inputs(struct loader *loader, size_t first, size_t end);

static void add_known(struct loader *loader, uint32_t number)
{
    uint32_t items = (uint32_t)loader->link->items.count;
    if (number < items)
        add_item(loader, number);
    else
        add_script_inputs(loader, number - items, number - items + 1);
}

/* `boot.o(.text)`: GNU ld loads the file where the script names it, so that a script that is given
 * before the objects decides their order; a file that is no input becomes one. */
static void add_mentioned(struct loader *loader, const struct script_input *input)
{
    struct link *link = loader->link;
    if (link->set->lld)
        return;
    if (!loader->file_names.arena)
        open_names(loader);
    uint32_t number = names_find(&loader->file_names, input->name, strlen(input->name));
    if (number == NO_NAME) {
        note_name(loader, input->name, NONE);
        add_script_file(loader, input);
    } else if (loader->by_name.at[number] != NONE) {
        add_known(loader, loader->by_name.at[number]);
    }
}

static void add_script_input(struct loader *loader, const struct script_input *input)
{
    loader->raw = input->is_raw;
    switch (input->kind) {
    case SCRIPT_FILE: add_script_file(loader, input); break;
    case SCRIPT_LIBRARY: add_library(loader, input->name); break;
    case SCRIPT_GROUP_BEGIN: loader->in_group = true; break;
    case SCRIPT_GROUP_END: close_group(loader); break;
    case SCRIPT_MENTIONED: add_mentioned(loader, input); break;
    default: break; /* AS_NEEDED is about shared objects */
    }
}

static void add_script_inputs(struct loader *loader, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        bool is_named = i < loader->named;
        if (is_named && loader->named_done[i])
            continue;
        if (is_named)
            loader->named_done[i] = true;
        struct script_input input = loader->link->script->inputs.at[i];
        add_script_input(loader, &input);
    }
}

/* Files that the next of the scripts names. Those of a layout by default, or of scripts that have
 * no place of their own, come last (GNU ld reads -dT behind the command line). */
static void add_script_files(struct loader *loader)
{
    const struct link *link = loader->link;
    size_t first = loader->script_inputs;
    if (loader->scripts_done == link->script_ends.count)
        return;
    loader->script_inputs = link->script_ends.at[loader->scripts_done++];
    add_script_inputs(loader, first, loader->script_inputs);
}

/* NULL: it may be read. A script that names itself twice would be read 65,536
 * times, 16 deep. */
static const char *too_many_scripts(const struct loader *loader, const char *path)
{
    for (unsigned i = 0; i < loader->script_depth; i++)
        if (strcmp(loader->script_paths[i], path) == 0)
            return "names itself as an input, or is named by a script that it names";
    if (loader->script_depth == MOST_SCRIPT_DEPTH)
        return "is named by a script that another names, and so on, more than 16 deep";
    return loader->script_count == MOST_SCRIPTS ? "is one of more than 256 scripts among the inputs"
                                                : NULL;
}

/* The first that is too much ends it: others would only be more of the same. */
static bool may_read_script(struct loader *loader, const char *path)
{
    const char *why = loader->scripts_stopped ? NULL : too_many_scripts(loader, path);
    if (why)
        diagnose(loader->link->host, WELT_ERROR, "script", (struct place){.file = path},
                 "take it out of INPUT and GROUP; INCLUDE reads a script's text in", "%s", why);
    loader->scripts_stopped |= why != NULL;
    return !loader->scripts_stopped;
}

/* libm.a of glibc is a script that names two archives. */
static bool may_be_script(const char *path)
{
    size_t size = strlen(path);
    bool is_library = size > 2 && strcmp(path + size - 2, ".a") == 0;
    return is_library || !is_no_script(path);
}

/* A text among the inputs is a script that adds to the layout (manual of GNU ld 2.40, 3.11
 * "Implicit Linker Scripts"). */
static void add_script(struct loader *loader, const char *path, welt_bytes bytes)
{
    struct link *link = loader->link;
    size_t first = link->script->inputs.count;
    if (!may_be_script(path)) {
        refuse_input(link, path, NULL, bytes);
        return;
    }
    if (!may_read_script(loader, path) || !extend_script(link, path, bytes))
        return;
    loader->script_count++;
    loader->script_paths[loader->script_depth++] = path;
    add_script_inputs(loader, first, link->script->inputs.count);
    loader->script_depth--;
}

/* ---- the command line's items ---- */

static bool has_script_item(const struct link *link)
{
    for (size_t i = 0; i < link->items.count; i++)
        if (link->items.at[i].kind == INPUT_SCRIPT)
            return true;
    return false;
}

static void add_given_bytes(struct loader *loader, const struct link_input *item)
{
    if (file_fits(loader->link->host, item->name, item->bytes.size))
        add_bytes(loader, item->name, item->bytes);
}

static void add_item(struct loader *loader, size_t index)
{
    const struct link_input *item = &loader->link->items.at[index];
    if (loader->done[index])
        return;
    loader->done[index] = true;
    loader->raw = item->is_raw;
    switch (item->kind) {
    case INPUT_FILE: add_path(loader, item->name); break;
    case INPUT_BYTES: add_given_bytes(loader, item); break;
    case INPUT_LIBRARY: add_library(loader, item->name); break;
    case INPUT_WHOLE: loader->whole = item->on; break;
    case INPUT_SCRIPT: add_script_files(loader); break;
    case INPUT_JUST_SYMBOLS: loader->just_symbols = item->on; break;
    case INPUT_GROUP:
        if (item->on)
            loader->in_group = true;
        else
            close_group(loader);
        break;
    }
}

/* ---- the runtime library ---- */

static welt_bytes runtime_set(const struct link *link)
{
    switch (link->set->given.runtime) {
    case WELT_RUNTIME_CDECL: return runtime_library_cdecl();
    case WELT_RUNTIME_REGPARM3: return runtime_library_regparm3();
    default: return (welt_bytes){0};
    }
}

/* Searched last. PROVIDE may ask for a member (a layout's own crt0), and a member for what PROVIDE
 * offers. */
static void add_runtime(struct link *link)
{
    welt_bytes bytes = runtime_set(link);
    struct library *library = NULL;
    if (bytes.data)
        library = library_open(link, "runtime", bytes);
    if (library)
        library->is_runtime = true;
    struct offers *offers = offers_open(link);
    bool changed = true;
    while (changed) {
        changed = apply_offers(offers);
        if (library)
            changed |= library_search(link, library);
    }
}

/* An archive alone: nothing asks for its members, and `main` is what was meant. */
static void complain_of_no_input(const struct loader *loader)
{
    struct link *link = loader->link;
    static const char *const starts[] = {"_start", "start", "main"};
    const char *hint = "link an object that needs them, or name a symbol with -u";
    if (!loader->all.count) {
        diagnose(link->host, WELT_ERROR, "no-input", (struct place){0},
                 "name the objects to link: welt main.o -o boot.bin", "no input files");
        return;
    }
    for (size_t i = 0; i < loader->all.count; i++)
        for (size_t s = 0; s < sizeof starts / sizeof *starts; s++)
            if (library_has(loader->all.at[i], starts[s]))
                hint = arena_format(&link->arena, "`%s' is in %s: pull it with -u %s", starts[s],
                                    loader->all.at[i]->archive->path, starts[s]);
    diagnose(link->host, WELT_ERROR, "no-input", (struct place){0}, hint,
             "nothing asks for the members of the archives, and there are no other input files");
}

void load_inputs(struct link *link)
{
    struct loader loader = {.link = link};
    loader.done = NEW_ARRAY(&link->arena, bool, link->items.count + 1);
    loader.lazy = link->set->lld ? lazy_open(link) : NULL;
    name_beforehand(link);
    if (link->script->startup)
        add_path(&loader, link->script->startup);
    loader.named = link->script->inputs.count;
    loader.named_done = NEW_ARRAY(&link->arena, bool, loader.named + 1);
    for (size_t i = 0; i < link->script_ends.count && !has_script_item(link); i++)
        add_script_files(&loader);
    for (size_t i = 0; i < link->items.count; i++) {
        host_progress(link->host, "inputs", i, link->items.count);
        add_item(&loader, i);
    }
    add_script_inputs(&loader, loader.script_inputs, loader.named);
    close_group(&loader);
    name_entry(link);
    search_for_entry(&loader);
    if (loader.lazy)
        wrap_loaded(link, loader.lazy);
    add_runtime(link);
    link->input_files = link->files.count;
    link->is_loaded = true;
    if (!link->inputs.count && !link->host->errors)
        complain_of_no_input(&loader);
}
