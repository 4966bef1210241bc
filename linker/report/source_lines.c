/* SPDX-License-Identifier: MIT
 *
 * From which source lines the bytes of a report's rows were made.
 *
 *     put, 23 bytes of print.c       print.c:4  5    print.c:6  9    port.h:12  9
 *
 * Requires link.report, made from a link. Provides the lines of rows whose object has debug
 * information; what an instruction was inlined from counts there. Bytes that no line is known of
 * have the line 0, so that a row's lines add up to it. Only reports ask: messages about a budget
 * do not need it.
 *
 * All of it is made in an arena of its own and handed over at the end, so that a report is whole
 * also when memory runs out here. */
#include "input/source_lines.h"
#include "ask.h"
#include "report/model.h"

#include <string.h>

struct row_lines {
    const char *source;
    uint32_t first, count;
};

struct finder {
    struct link *link;
    struct sources *sources;
    struct arena arena;
    LIST(struct report_line) lines;
    struct row_lines *rows;
    const struct source_table **tables; /* by input */
    uint8_t *is_read;                   /* … and whether that was asked for */
};

static const struct source_table *table_of(struct finder *finder, uint32_t input)
{
    if (!finder->is_read[input])
        finder->tables[input] =
            sources_read(finder->sources, finder->link->inputs.at[input].object);
    finder->is_read[input] = true;
    return finder->tables[input];
}

/* A name that outlives the table; `last` when it is that. */
static const char *keep(struct finder *finder, const char *name, const char *last)
{
    bool is_last = last && strcmp(name, last) == 0;
    return is_last ? last : arena_text(&finder->arena, name, strlen(name));
}

static void add_line(struct finder *finder, struct row_lines *its, const char *source,
                     unsigned line, uint64_t size)
{
    const char *before = its->source;
    if (!size)
        return;
    if (its->count && finder->lines.count) {
        struct report_line *last = &finder->lines.at[finder->lines.count - 1];
        before = last->source;
        if (last->line == line && strcmp(before, source) == 0) {
            last->size += size;
            return;
        }
    }
    *list_add(&finder->arena, &finder->lines) =
        (struct report_line){keep(finder, source, before), line, size};
    its->count++;
}

static void find_lines(struct finder *finder, const struct source_table *table,
                       const struct report_row *row, struct row_lines *its)
{
    const struct atom *atom = atom_of(finder->link, row->atom);
    uint64_t at = atom->offset + row->in_atom, end = at + row->size;
    size_t index = source_row_from(table, atom->section, at);
    its->first = (uint32_t)finder->lines.count;
    for (; index < table->rows.count && at < end; index++) {
        const struct source_row *from = &table->rows.at[index];
        if (from->section != atom->section || from->offset >= end)
            break;
        uint64_t start = from->offset > at ? from->offset : at;
        uint64_t stop = from->end < end ? from->end : end;
        add_line(finder, its, its->source, 0, start - at);
        add_line(finder, its, table->files.at[from->file].name, from->line, stop - start);
        at = stop;
    }
    if (its->count)
        add_line(finder, its, its->source, 0, end - at);
}

static void look_at_row(struct finder *finder, uint32_t index, const char **last)
{
    const struct report_row *row = &finder->link->report->rows.at[index];
    struct row_lines *its = &finder->rows[index];
    its->source = row->source;
    if (row->atom == NONE || !row->object)
        return;
    const struct source_table *table = table_of(finder, finder->link->atoms[row->atom].input);
    if (!table)
        return;
    if (table->unit)
        its->source = *last = keep(finder, table->unit, *last);
    if (!its->source)
        its->source = row->object;
    if (row->kind == WELT_SPAN_CODE)
        find_lines(finder, table, row, its);
}

static void hand_over(const struct finder *finder, struct report *report)
{
    for (uint32_t i = 0; i < report->rows.count; i++) {
        const struct row_lines *its = &finder->rows[i];
        struct report_row *row = &report->rows.at[i];
        row->source = its->source;
        row->first_line = its->first;
        row->line_count = its->count;
        for (uint32_t l = 0; l < its->count && !row->line; l++)
            if (strcmp(finder->lines.at[its->first + l].source, row->source) == 0)
                row->line = finder->lines.at[its->first + l].line;
    }
    report->lines.at = finder->lines.at;
    report->lines.count = finder->lines.count;
    report->line_arena = finder->arena;
    report->has_lines = true;
}

void find_source_lines(struct link *link)
{
    struct report *report = link->report;
    struct finder finder = {.link = link};
    const char *last = NULL;
    if (report->has_lines || !link->laid_out)
        return;
    arena_open(&finder.arena, link->host);
    finder.sources = sources_open(link->host);
    finder.rows = NEW_ARRAY(&finder.arena, struct row_lines, report->rows.count);
    finder.tables = (const struct source_table **)arena_array(&finder.arena, link->inputs.count,
                                                              sizeof *finder.tables);
    finder.is_read = NEW_ARRAY(&finder.arena, uint8_t, link->inputs.count);
    for (uint32_t i = 0; i < report->rows.count; i++)
        look_at_row(&finder, i, &last);
    sources_close(finder.sources);
    hand_over(&finder, report);
}
