/* SPDX-License-Identifier: MIT
 *
 * An archive in this link: members are pulled in the index's order, again and again until a pass
 * finds nothing. See library.h. */
#include "resolve/library.h"

#include "ask.h"
#include "resolve/kept.h"
#include "resolve/symbols.h"
#include "resolve/take.h"

#include <string.h>

/* A member of an archive that was itself put into a thin one. */
static bool nested_bytes(struct link *link, const struct file *file, size_t header,
                         welt_bytes *bytes)
{
    const struct archive *inner = archive_read(&link->arena, file->path, file->bytes, file->size);
    const struct archive_member *member = inner ? archive_find(inner, header) : NULL;
    if (member && member->bytes) {
        *bytes = (welt_bytes){member->bytes, member->size};
        return true;
    }
    if (inner)
        diagnose(link->host, WELT_ERROR, "archive", (struct place){.file = file->path},
                 "make the thin archive again", "has no member at 0x%zx", header);
    return false;
}

/* A member's bytes; those of a thin archive are a file beside it. */
static bool member_bytes(struct link *link, const struct archive *archive, uint32_t index,
                         welt_bytes *bytes)
{
    const struct archive_member *member = &archive->members[index];
    *bytes = (welt_bytes){member->bytes, member->size};
    if (!archive->thin)
        return true;
    const char *slash = strrchr(archive->path, '/');
    int folder = member->name[0] == '/' || !slash ? 0 : (int)(slash - archive->path + 1);
    const char *path = arena_format(&link->arena, "%.*s%s", folder, archive->path, member->name);
    struct file *file = open_input(link, path);
    if (file && member->nested_header)
        return nested_bytes(link, file, member->nested_header, bytes);
    if (file)
        *bytes = (welt_bytes){file->bytes, file->size};
    return file != NULL;
}

void library_take(struct link *link, struct library *library, uint32_t index)
{
    const struct archive *archive = library->archive;
    const char *name = archive->members[index].name;
    welt_bytes bytes;
    library->taken[index] = 1;
    host_progress(link->host, "inputs", link->inputs.count, 0);
    if (library->parsed && library->parsed[index]) {
        add_object(link, library->parsed[index], library->is_runtime);
        return;
    }
    if (!member_bytes(link, archive, index, &bytes))
        return;
    if (is_readable_elf(bytes.data, bytes.size))
        add_elf(link, archive->path, name, bytes, library->is_runtime);
    else
        refuse_input(link, archive->path, name, bytes);
}

/* Reads a member without linking it, once. NULL: it is no object (a README in an archive does no
 * harm), or an error was diagnosed. */
static const struct object *read_member(struct link *link, struct library *library, uint32_t index)
{
    const struct archive *archive = library->archive;
    welt_bytes bytes;
    if (!library->parsed)
        library->parsed = NEW_ARRAY(&link->arena, struct object *, archive->member_count);
    if (library->parsed[index])
        return library->parsed[index];
    if (!member_bytes(link, archive, index, &bytes) || !is_readable_elf(bytes.data, bytes.size))
        return NULL;
    library->parsed[index] = kept_object(link, archive->path, archive->members[index].name, bytes);
    return library->parsed[index];
}

/* Without an index (ar rcS) the members' own symbol tables are one. */
void library_index(struct link *link, struct library *library)
{
    struct archive *archive = library->archive;
    LIST(struct archive_symbol) found = {0};
    if (archive->has_index)
        return;
    for (uint32_t i = 0; i < archive->member_count; i++) {
        const struct object *object = read_member(link, library, i);
        if (!object)
            continue;
        for (uint32_t s = object->first_global; s < object->symbol_count; s++)
            if (object->symbols[s].home != HOME_UNDEFINED)
                *list_add(&link->arena, &found) =
                    (struct archive_symbol){.name = object->symbols[s].name, .member = i};
    }
    archive->symbols = found.at;
    archive->symbol_count = (uint32_t)found.count;
    archive->has_index = true;
}

/* A common symbol asks for a member that truly defines it, as in GNU ld, but not for one that has
 * but another common symbol, which the index does not tell apart. */
static bool has_definition(struct link *link, struct library *library,
                           const struct archive_symbol *symbol)
{
    const struct object *object = read_member(link, library, symbol->member);
    for (uint32_t s = object ? object->first_global : 0; object && s < object->symbol_count; s++)
        if (strcmp(object->symbols[s].name, symbol->name) == 0)
            return object->symbols[s].home == HOME_SECTION ||
                   object->symbols[s].home == HOME_ABSOLUTE;
    return false;
}

static bool is_wanted(struct link *link, struct library *library,
                      const struct archive_symbol *symbol)
{
    uint32_t global = global_find(link, symbol->name);
    if (global == NONE)
        return false;
    uint8_t state = link->globals.at[global].state;
    return state == GLOBAL_UNDEFINED ||
           (state == GLOBAL_COMMON && has_definition(link, library, symbol));
}

static bool search_once(struct link *link, struct library *library)
{
    const struct archive *archive = library->archive;
    bool pulled = false;
    for (uint32_t i = 0; i < archive->symbol_count; i++) {
        const struct archive_symbol *symbol = &archive->symbols[i];
        if (library->taken[symbol->member] || !is_wanted(link, library, symbol))
            continue;
        library_take(link, library, symbol->member);
        pulled = true;
    }
    return pulled;
}

bool library_search(struct link *link, struct library *library)
{
    bool pulled = false;
    library_index(link, library);
    while (search_once(link, library))
        pulled = true;
    return pulled;
}

struct library *library_open(struct link *link, const char *path, welt_bytes bytes)
{
    struct archive *archive = archive_read(&link->arena, path, bytes.data, bytes.size);
    if (!archive)
        return NULL;
    struct library *library = NEW(&link->arena, struct library);
    library->archive = archive;
    *list_add(&link->arena, &link->archives) = archive;
    library->taken = NEW_ARRAY(&link->arena, uint8_t, archive->member_count);
    return library;
}

bool library_has(const struct library *library, const char *name)
{
    const struct archive *archive = library->archive;
    for (uint32_t i = 0; i < archive->symbol_count; i++)
        if (strcmp(archive->symbols[i].name, name) == 0)
            return true;
    return false;
}
