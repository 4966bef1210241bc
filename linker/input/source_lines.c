/* SPDX-License-Identifier: MIT
 *
 * Which source lines an object's bytes were made from.
 *
 *     main.o, section 5 (.text.main), 0x1f    ->    boot/main.c:12:5
 *
 * Requires: objects that stay. Provides: a table of each object that is asked for, NULL where debug
 * information is damaged, packed or missing: it gives no line, never a wrong one on purpose. Who
 * does not ask pays nothing.
 *
 * In an object every section begins at address 0, and debug information tells them apart only by
 * its relocations. So each section that is loaded is given an address of its own here, copies of
 * the .debug sections are relocated with these, and what comes of it is told apart again. */
#include "input/source_lines.h"

#include "input/input.h"
#include "support/bytes.h"
#include "support/lines.h"
#include "support/names.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_DEBUG = 64 << 20, MOST_SECTIONS = 60000, FIRST_ADDRESS = 0x1000, SPACING = 64 };

struct sources {
    struct host *host;
    struct arena arena;
    struct lines *lines;
    bool is_missing;             /* libdwarf is not here */
    const struct object *packed; /* the first whose lines are compressed */
    LIST(const struct source_table *) tables;
};

struct builder { /* of one table */
    struct sources *sources;
    const struct object *object;
    struct arena arena; /* of what is not kept */
    uint64_t *bases;    /* by section; 0: it is not loaded */
    uint32_t *loaded;   /* those that are, by base */
    size_t loaded_count;
    struct source_table *table;
    struct names names; /* of files */
    uint32_t file;      /* the last */
    bool has_units;
};

/* ---- addresses ---- */

static bool give_addresses(struct builder *builder)
{
    const struct object *object = builder->object;
    uint64_t next = FIRST_ADDRESS;
    builder->bases = NEW_ARRAY(&builder->arena, uint64_t, object->section_count);
    builder->loaded = NEW_ARRAY(&builder->arena, uint32_t, object->section_count);
    for (uint32_t s = 1; s < object->section_count; s++) {
        const struct section *section = &object->sections[s];
        if (!(section->flags & SECTION_ALLOC))
            continue;
        builder->bases[s] = next;
        builder->loaded[builder->loaded_count++] = s;
        if (section->size > UINT32_MAX || next > UINT32_MAX / 2)
            return false;
        next += (section->size + 2 * SPACING) & ~(uint64_t)(SPACING - 1);
    }
    return next <= UINT32_MAX;
}

/* ---- copies of the sections ---- */

/* What lines and the names of their files need. More is not handed over: the tables of ranges and
 * locations say nothing of lines, and Debian's libdwarf frees damaged ones twice. */
static bool is_needed(const char *name)
{
    static const char *const needed[] = {".debug_info",     ".debug_abbrev",      ".debug_line",
                                         ".debug_line_str", ".debug_str_offsets", ".debug_str",
                                         ".debug_addr"};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (strcmp(name, needed[i]) == 0)
            return true;
    return false;
}

static bool is_debug(const struct section *section)
{
    return section->bytes && section->name && is_needed(section->name) &&
           !(section->flags & (SECTION_ALLOC | SECTION_PACKED));
}

static void apply(const struct builder *builder, const struct ref *ref, unsigned char *bytes,
                  uint64_t size)
{
    const struct object *object = builder->object;
    const struct ref_kind *kind = &ref_kinds[ref->kind];
    const struct symbol *symbol = &object->symbols[ref->symbol];
    uint64_t value = symbol->value + (uint64_t)ref->addend;
    if (kind->operation != REF_ABSOLUTE || ref->offset > size || size - ref->offset < kind->width)
        return;
    if (symbol->home == HOME_SECTION)
        value += builder->bases[symbol->section];
    put_number(bytes + ref->offset, value, kind->width);
}

static struct debug_section copy_section(struct builder *builder, const struct section *section)
{
    unsigned char *bytes = arena_alloc(&builder->arena, section->size + 1);
    memcpy(bytes, section->bytes, section->size);
    for (uint32_t r = 0; r < section->ref_count; r++)
        apply(builder, &builder->object->refs[section->first_ref + r], bytes, section->size);
    return (struct debug_section){section->name, bytes, section->size};
}

static size_t copy_sections(struct builder *builder, struct debug_section *sections)
{
    const struct object *object = builder->object;
    size_t count = 0;
    uint64_t sum = 0;
    bool has_lines = false;
    for (uint32_t s = 1; s < object->section_count; s++) {
        const struct section *section = &object->sections[s];
        if (!is_debug(section))
            continue;
        sum += section->size;
        if (sum > MOST_DEBUG)
            return 0;
        has_lines |= strcmp(section->name, ".debug_line") == 0;
        sections[count++] = copy_section(builder, section);
    }
    return has_lines ? count : 0;
}

/* ---- the table of one object ---- */

/* "/home/me/boot/main.c" of a compiler that ran in /home/me/boot is "main.c". */
static const char *name_in(const char *path, const char *folder)
{
    size_t size = folder ? strlen(folder) : 0;
    bool is_within = size && strncmp(path, folder, size) == 0 && path[size] == '/';
    return is_within && path[size + 1] ? path + size + 1 : path;
}

static void use_file(struct builder *builder, const struct line_range *range)
{
    struct arena *arena = &builder->sources->arena;
    struct source_table *table = builder->table;
    size_t size = strlen(range->path);
    builder->file = names_find(&builder->names, range->path, size);
    if (builder->file == NO_NAME) {
        bool is_new;
        const char *path = arena_text(arena, range->path, size);
        builder->file = names_add(&builder->names, path, size, &is_new);
        *list_add(arena, &table->files) = (struct source_file){path, name_in(path, range->folder)};
    }
    const char *unit = range->unit ? range->unit : "";
    if (builder->has_units && table->unit && strcmp(table->unit, unit) != 0)
        table->unit = NULL;
    else if (!builder->has_units && *unit)
        table->unit = arena_text(arena, unit, strlen(unit));
    builder->has_units = true;
}

/* The loaded section that an address was given to, or 0. */
static uint32_t section_at(const struct builder *builder, uint64_t address)
{
    size_t low = 0, high = builder->loaded_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (builder->bases[builder->loaded[middle]] <= address)
            low = middle + 1;
        else
            high = middle;
    }
    uint32_t section = low ? builder->loaded[low - 1] : 0;
    uint64_t size = builder->object->sections[section].size;
    return section && address - builder->bases[section] < size ? section : 0;
}

static void add_row(void *to, const struct line_range *range)
{
    struct builder *builder = to;
    if (range->is_new_file)
        use_file(builder, range);
    uint32_t section = section_at(builder, range->address);
    if (!section)
        return;
    uint64_t base = builder->bases[section], end = range->end - base;
    uint64_t size = builder->object->sections[section].size;
    *list_add(&builder->sources->arena, &builder->table->rows) =
        (struct source_row){.offset = range->address - base,
                            .end = end < size ? end : size,
                            .section = section,
                            .file = builder->file,
                            .line = range->line,
                            .column = range->column};
}

static int compare_rows(const void *left, const void *right)
{
    const struct source_row *a = left, *b = right;
    if (a->section != b->section)
        return a->section < b->section ? -1 : 1;
    if (a->offset != b->offset)
        return a->offset < b->offset ? -1 : 1;
    if (a->end != b->end)
        return a->end < b->end ? -1 : 1;
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    return (a->line > b->line) - (a->line < b->line);
}

/* ---- ranges end at labels ----
 *
 * An assembler tells of instructions alone, and the last one's range reaches over the data behind
 * it. There is no line for that; but where a label stands, what is behind it is not the
 * instruction's. */

struct label {
    uint32_t section;
    uint64_t offset;
};

static int compare_labels(const void *left, const void *right)
{
    const struct label *a = left, *b = right;
    if (a->section != b->section)
        return a->section < b->section ? -1 : 1;
    return (a->offset > b->offset) - (a->offset < b->offset);
}

static size_t sort_labels(struct builder *builder, struct label **labels)
{
    const struct object *object = builder->object;
    size_t count = 0;
    *labels = NEW_ARRAY(&builder->arena, struct label, object->symbol_count + 1);
    for (uint32_t s = 1; s < object->symbol_count; s++) {
        const struct symbol *symbol = &object->symbols[s];
        if (symbol->home == HOME_SECTION && symbol->kind != SYMBOL_SECTION)
            (*labels)[count++] = (struct label){symbol->section, symbol->value};
    }
    qsort(*labels, count, sizeof **labels, compare_labels);
    return count;
}

/* Requires rows in order. */
static void end_at_labels(struct builder *builder)
{
    struct label *labels;
    size_t count = sort_labels(builder, &labels), next = 0;
    for (size_t i = 0; i < builder->table->rows.count; i++) {
        struct source_row *row = &builder->table->rows.at[i];
        while (next < count &&
               (labels[next].section < row->section ||
                (labels[next].section == row->section && labels[next].offset <= row->offset)))
            next++;
        if (next < count && labels[next].section == row->section && labels[next].offset < row->end)
            row->end = labels[next].offset;
    }
}

/* What overlaps is damaged, or linked before: a row ends where the next begins. */
static void put_in_order(struct source_table *table)
{
    size_t count = 0;
    if (table->rows.count)
        qsort(table->rows.at, table->rows.count, sizeof *table->rows.at, compare_rows);
    for (size_t i = 0; i < table->rows.count; i++) {
        struct source_row *before = count ? &table->rows.at[count - 1] : NULL;
        const struct source_row *row = &table->rows.at[i];
        if (before && before->section == row->section && before->end > row->offset)
            before->end = row->offset;
        if (before && before->end == before->offset)
            count--;
        table->rows.at[count++] = *row;
    }
    table->rows.count = count;
}

/* A linked file is debugged by the addresses that it was linked to, and its sections have others.
 */
static bool has_debug_lines(const struct object *object)
{
    if (object->is_linked)
        return false;
    for (uint32_t s = 1; s < object->section_count; s++)
        if (is_debug(&object->sections[s]) && strcmp(object->sections[s].name, ".debug_line") == 0)
            return object->section_count < MOST_SECTIONS;
    return false;
}

/* .zdebug is what such sections were called before there was SHF_COMPRESSED. */
static bool has_packed_lines(const struct object *object)
{
    for (uint32_t s = 1; s < object->section_count; s++) {
        const struct section *section = &object->sections[s];
        bool is_packed = section->flags & SECTION_PACKED;
        if (section->name && section->size &&
            (strncmp(section->name, ".zdebug_", 8) == 0 || (is_packed && is_needed(section->name))))
            return true;
    }
    return false;
}

static bool read_table(struct builder *builder)
{
    struct sources *sources = builder->sources;
    const struct object *object = builder->object;
    struct debug_section *sections =
        NEW_ARRAY(&builder->arena, struct debug_section, object->section_count);
    size_t count = give_addresses(builder) ? copy_sections(builder, sections) : 0;
    unsigned pointer = object->architecture == ARCH_X86_64 ? 8 : 4;
    if (!count || !lines_use(sources->lines, sections, count, pointer))
        return false;
    names_open(&builder->names, &builder->arena);
    lines_visit(sources->lines, add_row, builder);
    lines_leave(sources->lines);
    put_in_order(builder->table);
    end_at_labels(builder);
    return builder->table->rows.count > 0;
}

static struct source_table *make_table(struct sources *sources, const struct object *object)
{
    struct source_table *table = NEW(&sources->arena, struct source_table);
    struct builder builder = {.sources = sources, .object = object, .table = table};
    table->object = object;
    arena_open(&builder.arena, sources->host);
    if (!read_table(&builder))
        table->rows.count = 0;
    arena_close(&builder.arena);
    return table;
}

/* ---- all of them ---- */

struct sources *sources_open(struct host *host)
{
    struct arena arena;
    arena_open(&arena, host);
    struct sources *sources = NEW(&arena, struct sources);
    sources->host = host;
    sources->arena = arena;
    return sources;
}

void sources_close(struct sources *sources)
{
    struct arena arena = sources->arena; /* they lie in it */
    if (sources->lines)
        lines_close(sources->host, sources->lines);
    arena_close(&arena);
}

static const struct source_table *find_table(const struct sources *sources,
                                             const struct object *object)
{
    for (size_t i = sources->tables.count; i-- > 0;)
        if (sources->tables.at[i]->object == object)
            return sources->tables.at[i];
    return NULL;
}

static const struct source_table *read_whole(struct sources *sources, const struct object *object)
{
    if (sources->is_missing || !has_debug_lines(object))
        return NULL;
    if (!sources->lines)
        sources->lines = lines_open(sources->host);
    sources->is_missing = !sources->lines;
    if (sources->is_missing)
        return NULL;
    const struct source_table *table = make_table(sources, object);
    *list_add(&sources->arena, &sources->tables) = table;
    return table->rows.count ? table : NULL;
}

const struct source_table *sources_read(struct sources *sources, const struct object *object)
{
    const struct source_table *table = read_whole(sources, object);
    if (!table && !sources->packed && has_packed_lines(object))
        sources->packed = object;
    return table;
}

/* Or every section of an object without lines would be asked for again: a listing asks for each. */
static const struct source_table *remember_none(struct sources *sources,
                                                const struct object *object)
{
    struct source_table *table = NEW(&sources->arena, struct source_table);
    table->object = object;
    *list_add(&sources->arena, &sources->tables) = table;
    return table;
}

const struct source_table *sources_of(struct sources *sources, const struct object *object)
{
    const struct source_table *table = find_table(sources, object);
    if (!table)
        table = sources_read(sources, object);
    if (!table)
        table = remember_none(sources, object);
    return table->rows.count ? table : NULL;
}

const struct object *sources_packed(const struct sources *sources)
{
    return sources->packed;
}

size_t source_row_from(const struct source_table *table, uint32_t section, uint64_t offset)
{
    size_t low = 0, high = table->rows.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct source_row *row = &table->rows.at[middle];
        if (row->section < section || (row->section == section && row->end <= offset))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct source_row *source_row_at(const struct source_table *table, uint32_t section,
                                       uint64_t offset)
{
    size_t index = source_row_from(table, section, offset);
    const struct source_row *row = index < table->rows.count ? &table->rows.at[index] : NULL;
    return row && row->section == section && row->offset <= offset ? row : NULL;
}
