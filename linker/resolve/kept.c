/* SPDX-License-Identifier: MIT
 *
 * Objects that outlive a link. An object is immutable and knows nothing of a link, so the next link
 * may take it as it is when it would be made of the same bytes. What "the same" means:
 *
 *     file        read again, always, and compared byte by byte with what was kept; when they are
 *                 equal the new copy goes and the old one serves
 *     host bytes  the same address and size: the host promised that they stay as they are
 *     member      lies in an archive that is one of these
 *
 * So one rule finds an object: its bytes are at the address where they were, under the same name.
 * The way not taken, trusting a file's time and size, would save the reading too, but two builds
 * within one tick of the clock would be taken for one.
 *
 *     link 1   reads a.o b.o libx.a      keeps them, and the objects of a.o, b.o, libx.a(m.o)
 *     link 2   b.o has changed           takes a.o and libx.a(m.o); reads b.o; drops the old b.o
 *
 * An object of which something was said when it was read is read again: it has to be said again. */
#include "resolve/kept.h"

#include <string.h>

struct kept {
    struct arena arena;
    struct file *files;
    struct read_object *objects;
    uint32_t file_count, object_count;
};

/* Ways to find what was kept, made when a link first asks, in the link's memory: a link that is
 * jumped out of leaves no trace in what is kept. */
struct kept_index {
    struct names paths;    /* a path's number -> first_file */
    uint32_t *first_file;  /* -> index into files */
    uint32_t *slots, mask; /* address of bytes -> 1 + index into objects; open addressing */
    bool *file_is_taken, *object_is_taken;
};

/* ---- the index ---- */

static uint32_t slot_of(const struct kept_index *index, const unsigned char *source)
{
    return hash_bytes(&source, sizeof(const unsigned char *), 0) & index->mask;
}

static void index_files(struct link *link, struct kept_index *index, const struct kept *kept)
{
    names_open(&index->paths, &link->arena);
    index->first_file = NEW_ARRAY(&link->arena, uint32_t, kept->file_count);
    index->file_is_taken = NEW_ARRAY(&link->arena, bool, kept->file_count);
    for (uint32_t i = 0; i < kept->file_count; i++) {
        bool is_new;
        const char *path = kept->files[i].path;
        uint32_t number = names_add(&index->paths, path, strlen(path), &is_new);
        if (is_new)
            index->first_file[number] = i;
    }
}

static void index_objects(struct link *link, struct kept_index *index, const struct kept *kept)
{
    index->mask = 15;
    while (index->mask < kept->object_count * 2)
        index->mask = index->mask * 2 + 1;
    index->slots = NEW_ARRAY(&link->arena, uint32_t, (size_t)index->mask + 1);
    index->object_is_taken = NEW_ARRAY(&link->arena, bool, kept->object_count);
    for (uint32_t i = 0; i < kept->object_count; i++) {
        uint32_t slot = slot_of(index, kept->objects[i].source);
        if (!kept->objects[i].object || !kept->objects[i].is_silent)
            continue;
        while (index->slots[slot])
            slot = (slot + 1) & index->mask;
        index->slots[slot] = i + 1;
    }
}

/* NULL: nothing is kept. */
static struct kept_index *index_of(struct link *link)
{
    if (link->kept_index || !link->kept)
        return link->kept_index;
    struct kept_index *index = NEW(&link->arena, struct kept_index);
    index_files(link, index, link->kept);
    index_objects(link, index, link->kept);
    link->kept_index = index;
    return index;
}

/* ---- files ---- */

static bool is_same_file(const struct file *kept, const struct file *now)
{
    return kept->size == now->size && memcmp(kept->bytes, now->bytes, now->size) == 0;
}

static void take_file(struct link *link, struct file *file)
{
    struct kept_index *index = index_of(link);
    uint32_t number = index ? names_find(&index->paths, file->path, strlen(file->path)) : NO_NAME;
    if (number == NO_NAME)
        return;
    uint32_t at = index->first_file[number];
    const struct file *kept = &link->kept->files[at];
    if (index->file_is_taken[at] || !is_same_file(kept, file))
        return;
    index->file_is_taken[at] = true;
    file_close(link->host, file);
    file->bytes = kept->bytes;
    file->owned = kept->owned;
    file->owned_size = kept->owned_size;
    file->is_kept = true;
}

/* A script of some lines may name a large file ten thousand times: it is read once. NULL: it was
 * not read yet. */
static struct file *file_again(struct link *link, const char *path)
{
    uint32_t number =
        link->file_paths.arena ? names_find(&link->file_paths, path, strlen(path)) : NO_NAME;
    if (number == NO_NAME)
        return NULL;
    struct file *file = NEW(&link->arena, struct file);
    *file = *link->files.at[link->file_by_path.at[number]];
    file->owned = NULL;
    file->owned_size = 0;
    return file;
}

static void note_file(struct link *link, const struct file *file)
{
    bool is_new;
    if (!link->file_paths.arena)
        names_open(&link->file_paths, &link->arena);
    names_add(&link->file_paths, file->path, strlen(file->path), &is_new);
    if (is_new)
        *list_add(&link->arena, &link->file_by_path) = (uint32_t)link->files.count;
}

enum file_result kept_read(struct link *link, const char *path, struct file **file)
{
    *file = file_again(link, path);
    if (!*file) {
        enum file_result result = file_read(&link->arena, path, file);
        if (result != FILE_READ)
            return result;
        take_file(link, *file);
        note_file(link, *file);
    }
    *list_add(&link->arena, &link->files) = *file;
    return FILE_READ;
}

/* ---- objects ---- */

static bool is_named(const struct object *object, const char *path, const char *member)
{
    if (strcmp(object->path, path) != 0 || !object->member != !member)
        return false;
    return !member || strcmp(object->member, member) == 0;
}

static struct object *take_object(struct link *link, const char *path, const char *member,
                                  welt_bytes bytes)
{
    struct kept_index *index = index_of(link);
    if (!index)
        return NULL;
    for (uint32_t slot = slot_of(index, bytes.data); index->slots[slot];
         slot = (slot + 1) & index->mask) {
        uint32_t at = index->slots[slot] - 1;
        const struct read_object *kept = &link->kept->objects[at];
        if (kept->source != bytes.data || kept->object->size != bytes.size ||
            index->object_is_taken[at] || !is_named(kept->object, path, member))
            continue;
        index->object_is_taken[at] = true;
        return kept->object;
    }
    return NULL;
}

struct object *kept_object(struct link *link, const char *path, const char *member,
                           welt_bytes bytes)
{
    unsigned told = link->host->told;
    struct object *object = take_object(link, path, member, bytes);
    bool is_kept = object != NULL;
    if (!object)
        object = object_read_elf(link->host, path, member, bytes.data, bytes.size);
    if (object)
        *list_add(&link->arena, &link->objects) =
            (struct read_object){.object = object,
                                 .source = bytes.data,
                                 .is_kept = is_kept,
                                 .is_silent = link->host->told == told};
    return object;
}

/* ---- from link to link ---- */

static void drop_untaken(struct link *link, struct kept *kept)
{
    const struct kept_index *index = link->kept_index;
    for (uint32_t i = 0; i < kept->object_count; i++)
        if (!index || !index->object_is_taken[i])
            object_free(kept->objects[i].object);
    for (uint32_t i = 0; i < kept->file_count; i++)
        if (!index || !index->file_is_taken[i])
            file_close(link->host, &kept->files[i]);
    struct arena arena = kept->arena; /* which holds `kept` too */
    arena_close(&arena);
}

static struct kept *keep(struct link *link)
{
    struct arena arena;
    arena_open(&arena, link->host);
    struct kept *kept = NEW(&arena, struct kept);
    kept->file_count = (uint32_t)link->files.count;
    kept->files = NEW_ARRAY(&arena, struct file, link->files.count);
    kept->object_count = (uint32_t)link->objects.count;
    kept->objects = NEW_ARRAY(&arena, struct read_object, link->objects.count);
    for (uint32_t i = 0; i < kept->file_count; i++) {
        struct file *file = link->files.at[i];
        kept->files[i] = *file;
        kept->files[i].path = arena_text(&arena, file->path, strlen(file->path));
    }
    if (kept->object_count)
        memcpy(kept->objects, link->objects.at, kept->object_count * sizeof *kept->objects);
    kept->arena = arena;
    return kept;
}

void kept_adopt(struct link *link, struct kept **kept)
{
    if (!link->is_loaded)
        return;
    struct kept *now = keep(link); /* from here on nothing fails */
    if (*kept)
        drop_untaken(link, *kept);
    for (size_t i = 0; i < link->files.count; i++)
        link->files.at[i]->is_kept = true;
    for (size_t i = 0; i < link->objects.count; i++)
        link->objects.at[i].is_kept = true;
    *kept = now;
    link->kept = NULL;
    link->kept_index = NULL;
}

void kept_release(struct link *link)
{
    for (size_t i = 0; i < link->objects.count; i++)
        if (!link->objects.at[i].is_kept)
            object_free(link->objects.at[i].object);
    for (size_t i = 0; i < link->files.count; i++)
        if (!link->files.at[i]->is_kept)
            file_close(link->host, link->files.at[i]);
}

void kept_forget(struct kept *kept, welt_bytes bytes)
{
    for (uint32_t i = 0; kept && i < kept->object_count; i++) {
        uintptr_t offset = (uintptr_t)kept->objects[i].source - (uintptr_t)bytes.data;
        if (!kept->objects[i].object || offset >= bytes.size)
            continue;
        object_free(kept->objects[i].object);
        kept->objects[i].object = NULL;
    }
}
