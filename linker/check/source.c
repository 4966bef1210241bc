/* SPDX-License-Identifier: MIT
 *
 * Where in the source: a message's place in an object, as file, line and column.
 *
 *     boot.o:(.text.main+0x1f)    ->    boot.c:12:5
 *
 * Requires: objects that stay while the link runs. Provides: host->locate, which host.c asks for
 * each message that is shown and has a place in an object's section. A link without messages pays
 * nothing. */
#include "input/source_lines.h"
#include "steps.h"
#include "support/diagnostics.h"
#include "support/files.h"

#include <string.h>

enum { FOLDER_ROOM = 1024 };

/* "/home/me/boot/main.c" is "main.c" where the linker runs: a reader can open it. */
static const char *relative(const char *path)
{
    char folder[FOLDER_ROOM];
    if (!current_folder(folder, sizeof folder))
        return path;
    size_t size = strlen(folder);
    return strncmp(path, folder, size) == 0 && path[size] == '/' ? path + size + 1 : path;
}

static void locate(void *context, struct place *place)
{
    struct link *link = context;
    const struct object *object = place->origin;
    if (!link->sources)
        link->sources = sources_open(link->host);
    const struct source_table *table =
        place->origin_section < object->section_count ? sources_of(link->sources, object) : NULL;
    const struct source_row *row =
        table ? source_row_at(table, place->origin_section, place->offset) : NULL;
    if (!row)
        return;
    place->source = relative(table->files.at[row->file].path);
    place->line = row->line;
    place->column = row->column;
}

void watch_sources(struct link *link)
{
    link->host->locate = locate;
    link->host->locating = link;
}

/* Who sees messages without lines shall not look for the reason in vain. */
static void tell_of_packed(struct link *link)
{
    const struct object *packed = sources_packed(link->sources);
    if (packed)
        diagnose(link->host, WELT_NOTE, "packed-debug",
                 (struct place){.file = packed->path, .member = packed->member},
                 "compile with -gz=none (gas: --nocompress-debug-sections), or unpack it: "
                 "objcopy --decompress-debug-sections",
                 "its debug information is compressed: messages name no source lines of it");
}

void close_sources(struct link *link)
{
    link->host->locate = NULL;
    if (link->sources)
        tell_of_packed(link);
    if (link->sources)
        sources_close(link->sources);
    link->sources = NULL;
}
