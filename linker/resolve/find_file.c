/* SPDX-License-Identifier: MIT
 *
 * Where a file is that is named without its folder. See find_file.h. */
#include "resolve/find_file.h"

#include "resolve/kept.h"

#include <string.h>

/* false: there is none of the name. *file NULL: an error was diagnosed. */
static bool try_library(struct link *link, const char *folder, const char *name, struct file **file)
{
    const char *path = name[0] == ':' ? arena_format(&link->arena, "%s/%s", folder, name + 1)
                                      : arena_format(&link->arena, "%s/lib%s.a", folder, name);
    enum file_result result = kept_read(link, path, file);
    if (result != FILE_READ)
        *file = NULL;
    return result != FILE_MISSING;
}

struct file *find_library(struct link *link, const char *name)
{
    const welt_options *given = &link->set->given;
    struct file *file;
    for (size_t i = 0; i < given->search_dir_count; i++)
        if (try_library(link, given->search_dirs[i], name, &file))
            return file;
    for (size_t i = 0; i < link->script->search_dirs.count; i++)
        if (try_library(link, link->script->search_dirs.at[i], name, &file))
            return file;
    diagnose(link->host, WELT_ERROR, "file", (struct place){0}, "name its folder with -L",
             "library -l%s was not found: folders searched: %zu", name,
             given->search_dir_count + link->script->search_dirs.count);
    return NULL;
}

/* NULL: there is none of the name, or an error was diagnosed. */
static struct file *try_file(struct link *link, const char *folder, int size, const char *name)
{
    struct file *file;
    const char *path = arena_format(&link->arena, "%.*s%s", size, folder, name);
    return kept_read(link, path, &file) == FILE_READ ? file : NULL;
}

struct file *find_script_file(struct link *link, const struct script_input *input)
{
    struct file *file = NULL;
    const char *from = input->place.file, *slash = strrchr(from, '/'), *name = input->name;
    const welt_options *given = &link->set->given;
    if (slash && name[0] != '/' && input->kind == SCRIPT_FILE)
        file = try_file(link, from, (int)(slash - from + 1), name);
    if (!file)
        file = try_file(link, "", 0, name);
    for (size_t i = 0; !file && name[0] != '/' && i < given->search_dir_count; i++) {
        const char *folder = arena_format(&link->arena, "%s/", given->search_dirs[i]);
        file = try_file(link, folder, (int)strlen(folder), name);
    }
    return file;
}
