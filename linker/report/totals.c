/* SPDX-License-Identifier: MIT
 *
 * Sums over rows: by symbol, object, section, source file and line, kind and sector. Each sum
 * counts every row once, so that every table adds up to the image. */
#include "report/model.h"
#include "report/report.h"

#include "support/names.h"

#include <stdlib.h>
#include <string.h>

const char *const row_kind_names[ROW_KINDS] = {
    [WELT_SPAN_CODE] = "code",         [WELT_SPAN_DATA] = "data",
    [WELT_SPAN_SCRIPT] = "script",     [WELT_SPAN_SIGNATURE] = "signature",
    [WELT_SPAN_RESERVED] = "reserved", [WELT_SPAN_JUMP] = "jump",
    [WELT_SPAN_PADDING] = "padding",   [WELT_SPAN_FILL] = "fill",
    [WELT_SPAN_FREE] = "free",         [WELT_SPAN_BSS] = "bss",
};

const char *const budget_kind_names[] = {
    [BUDGET_IMAGE] = "image",   [BUDGET_REGION] = "region", [BUDGET_SECTION] = "section",
    [BUDGET_OBJECT] = "object", [BUDGET_SYMBOL] = "symbol",
};

static const char *const kind_titles[ROW_KINDS] = {
    [WELT_SPAN_CODE] = "(code)",         [WELT_SPAN_DATA] = "(data)",
    [WELT_SPAN_SCRIPT] = "(script)",     [WELT_SPAN_SIGNATURE] = "(signature)",
    [WELT_SPAN_RESERVED] = "(reserved)", [WELT_SPAN_JUMP] = "(jump to the entry)",
    [WELT_SPAN_PADDING] = "(padding)",   [WELT_SPAN_FILL] = "(fill)",
    [WELT_SPAN_FREE] = "(free)",         [WELT_SPAN_BSS] = "(bss)",
};

const char *row_name(const struct report_row *row)
{
    if (row->symbol)
        return row->symbol;
    if (row->text)
        return row->text;
    bool is_end_of_sector = row->kind == WELT_SPAN_FILL || row->kind == WELT_SPAN_SIGNATURE;
    return row->object && !is_end_of_sector ? row->section : kind_titles[row->kind];
}

/* ---- budgets ---- */

static bool is_same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

bool budget_counts(const struct report_budget *budget, const struct report_row *row)
{
    bool is_free = row->kind == WELT_SPAN_FREE;
    switch (budget->kind) {
    case BUDGET_IMAGE: return row_is_used(row);
    case BUDGET_REGION:
        return !is_free &&
               (is_same(row->region, budget->name) || is_same(row->load_region, budget->name));
    case BUDGET_SECTION: return !is_free && is_same(row->output, budget->name);
    case BUDGET_OBJECT: return row->in_file && is_same(row->object, budget->name);
    default:
        return is_same(row->symbol, budget->name) &&
               (!budget->object || is_same(row->object, budget->object));
    }
}

uint64_t budget_padding(const struct report *report, const struct report_budget *budget)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < report->rows.count; i++) {
        const struct report_row *row = &report->rows.at[i];
        if (row->kind == WELT_SPAN_PADDING && budget_counts(budget, row))
            sum += row->size;
    }
    return sum;
}

const char *budget_name(struct arena *arena, const struct report_budget *budget)
{
    const char *name = shown_name(arena, budget->name);
    return budget->object ? arena_format(arena, NAME ":" NAME, budget->object, name) : name;
}

/* ---- totals ---- */

/* What a row is counted under: its name, and a second word that tells it from others of that name.
 */
static const char *key_of(const struct report_row *row, enum total_by by)
{
    const char *name = NULL;
    switch (by) {
    case BY_KIND: return row_kind_names[row->kind];
    case BY_SYMBOL: return row_name(row);
    case BY_OBJECT: name = row->object; break;
    case BY_SECTION: name = row->output; break;
    case BY_SOURCE:
    case BY_LINE: name = row->source ? row->source : row->object; break;
    }
    return name && name[0] ? name : kind_titles[row->kind];
}

static bool is_special(const struct report_row *row, enum total_by by)
{
    if (by == BY_SECTION)
        return !row->output;
    return by != BY_KIND && !row->object;
}

static int compare_totals(const void *left, const void *right)
{
    const struct report_total *a = left, *b = right;
    if (a->is_special != b->is_special)
        return a->is_special ? 1 : -1;
    if (a->size != b->size)
        return a->size > b->size ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

struct summing {
    const struct report *report;
    struct arena *arena;
    enum total_by by;
    struct names names;
    struct report_totals totals;
};

/* Two of one name are told apart by what stands behind a byte that no name holds. */
static uint32_t number_of(struct summing *summing, const char *key, const char *detail,
                          bool *is_new)
{
    if (!detail)
        return names_add(&summing->names, key, strlen(key), is_new);
    size_t size = strlen(key) + 1 + strlen(detail);
    char *both = arena_alloc(summing->arena, size + 1);
    memcpy(both, key, strlen(key) + 1);
    memcpy(both + strlen(key) + 1, detail, strlen(detail) + 1);
    return names_add(&summing->names, both, size, is_new);
}

static void count(struct summing *summing, struct report_total total)
{
    bool is_new = false;
    uint32_t number = number_of(summing, total.name, total.detail, &is_new);
    if (is_new)
        *list_add(summing->arena, &summing->totals) = total;
    else if (number < summing->totals.count)
        summing->totals.at[number].size += total.size;
}

static void count_line(struct summing *summing, uint32_t row, const struct report_line *line)
{
    struct report_total total = {.name = line->source, .row = row, .size = line->size};
    if (summing->by == BY_LINE && line->line) {
        total.detail = line->source;
        total.line = line->line;
        total.name = arena_format(summing->arena, NAME ":%u", line->source, line->line);
    }
    count(summing, total);
}

static void count_row(struct summing *summing, uint32_t index)
{
    const struct report_row *row = &summing->report->rows.at[index];
    bool by_line = summing->by == BY_SOURCE || summing->by == BY_LINE;
    for (uint32_t i = 0; by_line && i < row->line_count; i++)
        count_line(summing, index, &summing->report->lines.at[row->first_line + i]);
    if (!by_line || !row->line_count)
        count(summing,
              (struct report_total){.name = key_of(row, summing->by),
                                    .detail = summing->by == BY_SYMBOL ? row->object : NULL,
                                    .row = index,
                                    .size = row->size,
                                    .is_special = is_special(row, summing->by)});
}

struct report_totals sum_rows(const struct report *report, struct arena *arena, enum total_by by,
                              bool in_file)
{
    struct summing summing = {.report = report, .arena = arena, .by = by};
    names_open(&summing.names, arena);
    for (uint32_t i = 0; i < report->rows.count; i++)
        if (report->rows.at[i].in_file == in_file)
            count_row(&summing, i);
    if (summing.totals.count)
        qsort(summing.totals.at, summing.totals.count, sizeof *summing.totals.at, compare_totals);
    return summing.totals;
}

uint64_t *sum_sectors(const struct report *report, struct arena *arena, size_t *count)
{
    *count = (size_t)((report->size + SECTOR_SIZE - 1) / SECTOR_SIZE);
    uint64_t *used = NEW_ARRAY(arena, uint64_t, *count + 1);
    for (size_t i = 0; i < report->file_rows; i++) {
        const struct report_row *row = &report->rows.at[i];
        bool is_taken =
            row_is_used(row) || row->kind == WELT_SPAN_SIGNATURE || row->kind == WELT_SPAN_RESERVED;
        for (uint64_t at = row->offset, end = at + row->size; is_taken && at < end;) {
            uint64_t next = (at / SECTOR_SIZE + 1) * SECTOR_SIZE;
            uint64_t to = next < end ? next : end;
            if (at / SECTOR_SIZE >= *count)
                break;
            used[at / SECTOR_SIZE] += to - at;
            at = to;
        }
    }
    return used;
}
