/* SPDX-License-Identifier: MIT
 *
 * One file, or one member of an archive, that takes part in the link. See take.h. */
#include "resolve/take.h"

#include "resolve/kept.h"
#include "resolve/symbols.h"
#include "resolve/wrap.h"

struct file *open_input(struct link *link, const char *path)
{
    struct file *file;
    enum file_result result = kept_read(link, path, &file);
    if (result == FILE_MISSING)
        file_missing(link->host, path);
    return result == FILE_READ ? file : NULL;
}

void add_elf(struct link *link, const char *path, const char *member, welt_bytes bytes,
             bool is_runtime)
{
    struct object *object = link_is_full(link) ? NULL : kept_object(link, path, member, bytes);
    if (object)
        add_object(link, object, is_runtime);
}

void add_raw(struct link *link, const char *path, welt_bytes bytes)
{
    static const struct raw_form as_ld = {.align = 1, .flags = SECTION_RETAIN};
    static const struct raw_form as_lld = {.align = 8, .symbol_kind = SYMBOL_OBJECT};
    struct object *object = object_read_raw(link->host, path, bytes.data, bytes.size,
                                            link->set->lld ? &as_lld : &as_ld);
    *list_add(&link->arena, &link->objects) = (struct read_object){.object = object};
    add_object(link, object, false);
}

void refuse_input(struct link *link, const char *path, const char *member, welt_bytes bytes)
{
    const char *hint = NULL;
    const char *kind = file_kind_text(&link->arena, bytes.data, bytes.size, &hint);
    enum file_kind number = file_kind_of(bytes.data, bytes.size);
    diagnose(link->host, WELT_ERROR, number == FILE_ELF_OTHER ? "arch-mismatch" : "object-format",
             (struct place){.file = path, .member = member}, hint,
             "is %s; Welt links ELF objects for i386 and x86-64", kind);
}

void add_values_of(struct link *link, const char *path, welt_bytes bytes)
{
    struct object *object = object_read_elf(link->host, path, NULL, bytes.data, bytes.size);
    if (!object)
        return;
    /* What becomes of it is no object that another link could take: it is not kept. */
    *list_add(&link->arena, &link->objects) = (struct read_object){.object = object};
    add_values(link, object);
}
