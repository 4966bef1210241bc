/* SPDX-License-Identifier: MIT
 *
 * The address map as text (-Map). It reads link.spans and the side tables, also of a link that is
 * over its budget:
 *
 *     Map of boot.bin: 512 bytes from 0x7c00
 *
 *     Regions
 *       name           origin           limit      used      free
 *       sector         0x7c00             510        31       479
 *       memory         0x7e00           33280         2     33278
 *
 *     File
 *       address     offset            size  kind       name
 *     .text > sector
 *       0x7c00      0x0                  9  code       _start  boot.o:(.text._start)
 *       0x7c09      0x9                  3  padding
 *       0x7c0c      0xc                  6  code       print  boot.o:(.text.print)
 *     .rodata > sector
 *       0x7c12      0x12                13  data       hello  boot.o:(.rodata.str1.1)
 *     between sections
 *       0x7c1f      0x1f               479  free
 *     .signature
 *       0x7dfe      0x1fe                2  signature
 *                                      512  bytes in the file
 *
 *     Memory that the file does not hold
 *       address                       size  kind       name
 *     .bss > memory
 *       0x7e00                           2  bss        last  boot.o:(.bss.last)
 *                                        2  bytes of memory
 *
 *     Symbols
 *       0x7c00      _start  boot.o:(.text._start)
 *       0x7c0c      print  boot.o:(.text.print)
 *       0x7c12      hello  boot.o:(.rodata.str1.1)
 *       0x7e00      last  boot.o:(.bss.last)
 *       0x7e00      __bss_start  layout
 *       0x7e02      __bss_end  layout
 *       0x7e02      _end  layout
 *
 *     Removed
 *                6  unreached  dead  boot.o:(.text.dead)
 *                6  unreached  tail  boot.o:(.rodata.str1.1)
 *
 *     Removed, by object
 *               12  boot.o
 *               12  bytes
 *
 * A row that has a size stands for bytes; one without is a further symbol within the row above.
 * There is a column `load` when something is not loaded where it runs. */
#include "report/labels.h"

#include "ask.h"

typedef unsigned long long number; /* as printf() takes it */

enum { INDENT = 2, NUMBER_COLUMNS = 12, SIZE_COLUMNS = 10, KIND_COLUMNS = 11 };

struct map {
    struct link *link;
    struct text text;
    struct labels labels;
    bool has_load;
    size_t offset, size, name; /* columns */
};

static void add_heading(struct map *map, const char *heading)
{
    text_end_line(&map->text);
    text_add(&map->text, "%s", heading);
    text_end_line(&map->text);
}

static void add_sum(struct map *map, uint64_t sum, const char *of_what)
{
    text_column(&map->text, map->size);
    text_add(&map->text, "%10llu  byte%s%s", (number)sum, sum == 1 ? "" : "s", of_what);
    text_end_line(&map->text);
}

/* A symbol's name, or a string's first characters, or nothing; and whose it is. */
static void add_name(struct map *map, uint32_t atom)
{
    const struct symbol *symbol = map->link->atom_names[atom];
    if (symbol)
        text_add(&map->text, NAME "  ", symbol->name);
    else if (is_string_piece(map->link, atom))
        add_string(&map->text, map->link, (struct spot){atom, 0});
    if (!symbol && is_string_piece(map->link, atom))
        text_add(&map->text, "  ");
    add_owner(&map->text, map->link, atom);
}

/* ---- regions ---- */

static void add_region(struct text *text, const struct region *region)
{
    uint64_t used = region_used(region);
    bool over = used > region->length;
    uint64_t rest = over ? used - region->length : region->length - used;
    text_column(text, INDENT);
    text_add(text, NAME, region->name);
    text_column(text, INDENT + 15);
    text_add(text, "0x%llx", (number)region->origin);
    text_column(text, INDENT + 27);
    text_add(text, "%10llu%10llu%10llu%s", (number)region->length, (number)used, (number)rest,
             over ? " over" : "");
    text_end_line(text);
}

static void add_regions(struct map *map)
{
    const struct link *link = map->link;
    if (!link->regions.count)
        return;
    add_heading(map, "Regions");
    text_add(&map->text, "  name           origin           limit      used      free");
    text_end_line(&map->text);
    for (size_t i = 0; i < link->regions.count; i++)
        add_region(&map->text, &link->regions.at[i]);
}

/* ---- spans ---- */

static void add_columns(struct map *map, bool in_file)
{
    struct text *text = &map->text;
    text_add(text, "  address");
    if (map->has_load)
        text_add(text, "     load");
    text_column(text, map->offset);
    text_add(text, in_file ? "offset" : "");
    text_column(text, map->size);
    text_add(text, "      size  kind       name");
    text_end_line(text);
}

static void add_output(struct map *map, uint32_t index)
{
    const struct link *link = map->link;
    if (index == NONE) {
        text_add(&map->text, "between sections");
        text_end_line(&map->text);
        return;
    }
    const struct output *output = &link->outputs.at[index];
    text_add(&map->text, NAME, output->name[0] ? output->name : "(no name)");
    if (output->region != NONE)
        text_add(&map->text, " > " NAME, link->regions.at[output->region].name);
    if (output->load_region != NONE)
        text_add(&map->text, " AT> " NAME, link->regions.at[output->load_region].name);
    text_end_line(&map->text);
}

/* The symbols within a span; the one that names its row only when it is not at its beginning. */
static void add_labels(struct map *map, const struct span *span)
{
    const struct labels *labels = &map->labels;
    uint64_t from = span->address - atom_address(map->link, span->atom, 0);
    const struct symbol *named = map->link->atom_names[span->atom];
    for (size_t i = labels_from(labels, (struct spot){span->atom, from}); i < labels->by_atom_count;
         i++) {
        const struct label *label = labels->by_atom[i];
        if (label->spot.atom != span->atom || label->spot.offset > from + span->size)
            return;
        if (named && label->name == named->name && label->spot.offset == from)
            continue;
        text_column(&map->text, INDENT);
        text_add(&map->text, "0x%llx", (number)label->address);
        text_column(&map->text, map->name);
        text_add(&map->text, NAME, label->name);
        text_end_line(&map->text);
    }
}

static void add_row(struct map *map, const struct span *span)
{
    static const char *const kinds[] = {
        [WELT_SPAN_CODE] = "code",         [WELT_SPAN_DATA] = "data",
        [WELT_SPAN_SCRIPT] = "script",     [WELT_SPAN_SIGNATURE] = "signature",
        [WELT_SPAN_RESERVED] = "reserved", [WELT_SPAN_JUMP] = "jump",
        [WELT_SPAN_PADDING] = "padding",   [WELT_SPAN_FILL] = "fill",
        [WELT_SPAN_FREE] = "free",         [WELT_SPAN_BSS] = "bss",
    };
    struct text *text = &map->text;
    text_column(text, INDENT);
    text_add(text, "0x%llx", (number)span->address);
    if (map->has_load) {
        text_column(text, INDENT + NUMBER_COLUMNS);
        text_add(text, "0x%llx", (number)span->load_address);
    }
    text_column(text, map->offset);
    if (span->in_file)
        text_add(text, "0x%llx", (number)span->file_offset);
    text_column(text, map->size);
    text_add(text, "%10llu  %s", (number)span->size, kinds[span->kind]);
    text_column(text, map->name);
    if (span->atom != NONE)
        add_name(map, span->atom);
    text_end_line(text);
    if (span->atom != NONE)
        add_labels(map, span);
}

static size_t count_spans(const struct link *link, bool in_file)
{
    size_t count = 0;
    for (size_t i = 0; i < link->spans.count; i++)
        count += link->spans.at[i].in_file == in_file;
    return count;
}

static void add_spans(struct map *map, bool in_file)
{
    const struct link *link = map->link;
    const struct span *above = NULL;
    uint64_t sum = 0;
    if (!count_spans(link, in_file))
        return;
    add_heading(map, in_file ? "File" : "Memory that the file does not hold");
    add_columns(map, in_file);
    for (size_t i = 0; i < link->spans.count; i++) {
        const struct span *span = &link->spans.at[i];
        if (span->in_file != in_file)
            continue;
        if (!above || above->output != span->output)
            add_output(map, span->output);
        add_row(map, span);
        above = span;
        sum += span->size;
    }
    add_sum(map, sum, in_file ? " in the file" : " of memory");
}

/* ---- symbols ---- */

static void add_symbols(struct map *map)
{
    struct text *text = &map->text;
    if (!map->labels.all.count)
        return;
    add_heading(map, "Symbols");
    for (size_t i = 0; i < map->labels.all.count; i++) {
        const struct label *label = &map->labels.all.at[i];
        text_column(text, INDENT);
        text_add(text, "0x%llx", (number)label->address);
        text_column(text, INDENT + NUMBER_COLUMNS);
        text_add(text, NAME "  ", label->name);
        if (label->spot.atom != NONE)
            add_owner(text, map->link, label->spot.atom);
        else if (label->input != NONE)
            text_add(text, NAME ", absolute", map->link->titles[label->input]);
        else
            text_add(text, "layout");
        text_end_line(text);
    }
}

/* ---- what is not in the image ---- */

static void add_removed_atom(struct map *map, uint32_t atom)
{
    const struct link *link = map->link;
    struct text *text = &map->text;
    struct spot spot = spot_of(link, atom, 0);
    text_column(text, INDENT);
    text_add(text, "%10llu  %s", (number)atom_of(link, atom)->size,
             why_removed(link->atoms[atom].removed));
    text_column(text, INDENT + SIZE_COLUMNS + 2 + KIND_COLUMNS);
    add_name(map, atom);
    if (spot.atom != NONE)
        text_add(text, ", is at 0x%llx", (number)atom_address(link, spot.atom, spot.offset));
    text_end_line(text);
}

static void add_removed_sizes(struct map *map, const uint64_t *sizes, uint64_t sum)
{
    add_heading(map, "Removed, by object");
    for (uint32_t i = 0; i < map->link->inputs.count; i++) {
        if (!sizes[i])
            continue;
        text_add(&map->text, "  %10llu  " NAME, (number)sizes[i], map->link->titles[i]);
        text_end_line(&map->text);
    }
    text_add(&map->text, "  %10llu  byte%s", (number)sum, sum == 1 ? "" : "s");
    text_end_line(&map->text);
}

/* Equal strings of debug information, which are not loaded, are one by the hundred thousand: no
 * image is smaller for it, and nobody looks for them in a map. */
static bool is_listed(const struct link *link, uint32_t atom)
{
    uint8_t removed = link->atoms[atom].removed;
    if (removed == REMOVED_MERGED && !(atom_section(link, atom)->flags & SECTION_ALLOC))
        return false;
    return atom_of(link, atom)->size && why_removed(removed);
}

static void add_removed(struct map *map)
{
    const struct link *link = map->link;
    uint64_t *sizes = NEW_ARRAY(map->text.arena, uint64_t, link->inputs.count);
    uint64_t sum = 0;
    for (uint32_t atom = 0; atom < link->atom_count; atom++) {
        uint64_t size = atom_of(link, atom)->size;
        if (!is_listed(link, atom))
            continue;
        if (!sum)
            add_heading(map, "Removed");
        add_removed_atom(map, atom);
        sizes[link->atoms[atom].input] += size;
        sum += size;
    }
    if (sum)
        add_removed_sizes(map, sizes, sum);
}

/* ---- the whole ---- */

static void choose_columns(struct map *map)
{
    for (size_t i = 0; i < map->link->spans.count; i++)
        map->has_load |= map->link->spans.at[i].address != map->link->spans.at[i].load_address;
    map->offset = INDENT + NUMBER_COLUMNS + (map->has_load ? NUMBER_COLUMNS : 0);
    map->size = map->offset + NUMBER_COLUMNS;
    map->name = map->size + SIZE_COLUMNS + 2 + KIND_COLUMNS;
}

/* Requires the address map, complete or not, and name_atoms(). */
welt_bytes report_map(struct link *link, struct arena *arena)
{
    struct map map = {.link = link, .text.arena = arena, .labels = labels_collect(link, arena)};
    choose_columns(&map);
    uint64_t size = link->image_end - link->image_start;
    text_add(&map.text, "Map of " NAME ": %llu byte%s from 0x%llx", image_name(link), (number)size,
             size == 1 ? "" : "s", (number)link->image_start);
    text_end_line(&map.text);
    add_regions(&map);
    add_spans(&map, true);
    add_spans(&map, false);
    add_symbols(&map);
    add_removed(&map);
    return text_close(&map.text);
}
