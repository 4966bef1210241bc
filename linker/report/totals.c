/* SPDX-License-Identifier: MIT
 *
 * Sums over rows: by symbol, object, section, source file, kind and sector. Each sum counts every
 * row once, so that every table adds up to the image. */
#include "report/model.h"

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
    return row->object ? row->section : kind_titles[row->kind];
}

/* ---- budgets ---- */

static bool is_same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

bool budget_counts(const struct report *report, const struct report_budget *budget,
                   const struct report_row *row)
{
    switch (budget->kind) {
    case BUDGET_IMAGE: return row_is_used(report, row);
    case BUDGET_REGION:
        return is_same(row->region, budget->name) || is_same(row->load_region, budget->name);
    case BUDGET_SECTION: return is_same(row->output, budget->name);
    case BUDGET_OBJECT: return row->in_file && is_same(row->object, budget->name);
    default: return is_same(row->symbol, budget->name);
    }
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
    case BY_SOURCE: name = row->source ? row->source : row->object; break;
    }
    return name && name[0] ? name : kind_titles[row->kind];
}

static const char *detail_of(const struct report_row *row, enum total_by by)
{
    return by == BY_SYMBOL ? row->object : NULL;
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

/* Two of one name are told apart by what stands behind a byte that no name holds. */
static uint32_t number_of(struct arena *arena, struct names *names, const char *key,
                          const char *detail, bool *is_new)
{
    if (!detail)
        return names_add(names, key, strlen(key), is_new);
    size_t size = strlen(key) + 1 + strlen(detail);
    char *both = arena_alloc(arena, size + 1);
    memcpy(both, key, strlen(key) + 1);
    memcpy(both + strlen(key) + 1, detail, strlen(detail) + 1);
    return names_add(names, both, size, is_new);
}

struct report_totals sum_rows(const struct report *report, struct arena *arena, enum total_by by,
                              bool in_file)
{
    struct report_totals totals = {0};
    struct names names;
    names_open(&names, arena);
    for (uint32_t i = 0; i < report->rows.count; i++) {
        const struct report_row *row = &report->rows.at[i];
        bool is_new = false;
        if (row->in_file != in_file)
            continue;
        const char *key = key_of(row, by), *detail = detail_of(row, by);
        uint32_t number = number_of(arena, &names, key, detail, &is_new);
        if (is_new)
            *list_add(arena, &totals) = (struct report_total){
                .name = key, .detail = detail, .row = i, .is_special = is_special(row, by)};
        if (number < totals.count)
            totals.at[number].size += row->size;
    }
    if (totals.count)
        qsort(totals.at, totals.count, sizeof *totals.at, compare_totals);
    return totals;
}

uint64_t *sum_sectors(const struct report *report, struct arena *arena, size_t *count)
{
    *count = (size_t)((report->size + SECTOR - 1) / SECTOR);
    uint64_t *used = NEW_ARRAY(arena, uint64_t, *count + 1);
    for (size_t i = 0; i < report->file_rows; i++) {
        const struct report_row *row = &report->rows.at[i];
        bool is_taken = row_is_used(report, row) || row->kind == WELT_SPAN_SIGNATURE ||
                        row->kind == WELT_SPAN_RESERVED;
        for (uint64_t at = row->offset, end = at + row->size; is_taken && at < end;) {
            uint64_t next = (at / SECTOR + 1) * SECTOR;
            uint64_t to = next < end ? next : end;
            if (at / SECTOR >= *count)
                break;
            used[at / SECTOR] += to - at;
            at = to;
        }
    }
    return used;
}
