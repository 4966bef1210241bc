/* SPDX-License-Identifier: MIT
 *
 * What changed since an older report.
 *
 * Builds differ in what is no change: where they were built, and how compilers number their copies.
 * So a row is known by its name without a compiler's suffixes and by its object's path from where
 * the paths of its report part:
 *
 *     /home/a/build/src/fat.o  read.constprop.0    ->   src/fat.o  read
 *     /tmp/ci/src/fat.o        read                ->   src/fat.o  read
 *
 * Rows of one such name are summed up. What is left over on both sides is matched again by the
 * object's last part and then by name alone: objects move. The changes add up to that of the image:
 * what is free or padding is a row as well. */
#include "report/model.h"

#include "support/folder.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    const char *name; /* without suffixes; a section's or a kind's in parentheses is told apart */
    size_t name_size;
    const char *object; /* from the common prefix on, or "" */
    const struct report_row *row;
    uint64_t size;
    uint32_t order; /* of the first of its rows */
    bool is_matched;
};

struct entry_list LIST_OF(struct entry);

/* ---- names without suffixes ---- */

static bool is_hex(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!strchr("0123456789abcdef", text[i]))
            return false;
    return true;
}

/* ".123", ".constprop.0", ".cold", ".llvm.4711", also several of them. */
static size_t without_dots(const char *name, size_t size)
{
    static const char *const words[] = {"constprop", "isra",     "part",      "cold",
                                        "llvm",      "lto_priv", "localalias"};
    for (;;) {
        size_t dot = size, known = 0;
        while (dot && name[dot - 1] != '.')
            dot--;
        if (dot < 2 || dot == size)
            return size;
        size_t tail = size - dot;
        known = strspn(name + dot, "0123456789") >= tail;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            known |= strlen(words[i]) == tail && memcmp(name + dot, words[i], tail) == 0;
        if (!known)
            return size;
        size = dot - 1;
    }
}

/* Rust's hash: "...::h0123456789abcdef", or mangled "...17h0123456789abcdefE". */
static size_t without_hash(const char *name, size_t size)
{
    enum { HASH = 16 };
    if (size > HASH + 3 && memcmp(name + size - HASH - 3, "::h", 3) == 0 &&
        is_hex(name + size - HASH, HASH))
        return size - HASH - 3;
    if (size > HASH + 4 && name[size - 1] == 'E' && memcmp(name + size - HASH - 4, "17h", 3) == 0 &&
        is_hex(name + size - HASH - 1, HASH))
        return size - HASH - 4;
    return size;
}

static size_t stem_size(const char *name)
{
    return without_hash(name, without_dots(name, strlen(name)));
}

/* ---- paths from a common prefix ---- */

/* The folders that all objects' paths begin with. */
static size_t common_folders(const struct report *report)
{
    const char *first = NULL;
    size_t common = 0;
    for (size_t i = 0; i < report->rows.count; i++) {
        const char *path = report->rows.at[i].object;
        if (!path)
            continue;
        if (!first) {
            first = path;
            common = strlen(path);
        }
        size_t same = 0;
        while (same < common && path[same] && path[same] == first[same])
            same++;
        common = same;
    }
    while (common && first[common - 1] != '/')
        common--;
    return common;
}

/* ---- entries ---- */

static int compare_names(const struct entry *a, const struct entry *b)
{
    if (a->row->in_file != b->row->in_file)
        return a->row->in_file ? -1 : 1;
    if (!a->row->symbol != !b->row->symbol)
        return a->row->symbol ? -1 : 1;
    size_t shorter = a->name_size < b->name_size ? a->name_size : b->name_size;
    int order = memcmp(a->name, b->name, shorter);
    return order ? order : (a->name_size > b->name_size) - (a->name_size < b->name_size);
}

static int compare_exactly(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    int order = compare_names(a, b);
    if (!order)
        order = strcmp(a->object, b->object);
    return order ? order : (a->order > b->order) - (a->order < b->order);
}

static int compare_by_last_part(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    int order = compare_names(a, b);
    if (!order)
        order = strcmp(path_last_part(a->object), path_last_part(b->object));
    return order ? order : (a->order > b->order) - (a->order < b->order);
}

static int compare_by_name(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    int order = compare_names(a, b);
    return order ? order : (a->order > b->order) - (a->order < b->order);
}

static struct entry entry_of(const struct report *report, uint32_t index, size_t prefix)
{
    const struct report_row *row = &report->rows.at[index];
    struct entry entry = {.name = row->symbol,
                          .object = row->object ? row->object + prefix : "",
                          .row = row,
                          .size = row->size,
                          .order = index};
    if (!entry.name)
        entry.name = row->object ? row->section : row_kind_names[row->kind];
    entry.name_size = row->symbol ? stem_size(entry.name) : strlen(entry.name);
    return entry;
}

/* Entries in exact order, those of one name and object summed up. */
static struct entry_list entries_of(const struct report *report, struct arena *arena)
{
    struct entry_list all = {0}, sums = {0};
    size_t prefix = common_folders(report);
    for (uint32_t i = 0; i < report->rows.count; i++)
        *list_add(arena, &all) = entry_of(report, i, prefix);
    if (all.count)
        qsort(all.at, all.count, sizeof *all.at, compare_exactly);
    for (size_t i = 0; i < all.count; i++) {
        struct entry *last = sums.count ? &sums.at[sums.count - 1] : NULL;
        if (last && compare_names(last, &all.at[i]) == 0 &&
            strcmp(last->object, all.at[i].object) == 0)
            last->size += all.at[i].size;
        else
            *list_add(arena, &sums) = all.at[i];
    }
    return sums;
}

/* ---- matching ---- */

typedef int comparison(const void *left, const void *right);

struct matcher {
    struct report *report;
    struct report_comparison *result;
};

static void add_change(struct matcher *matcher, const struct entry *before,
                       const struct entry *after)
{
    const struct report_row *row = after ? after->row : before->row;
    struct arena *arena = &matcher->report->arena;
    struct report_change change = {.symbol = row->symbol,
                                   .section = row->object ? row->section : NULL,
                                   .object = row->object,
                                   .kind = row_kind_names[row->kind],
                                   .in_file = row->in_file,
                                   .before = before ? before->size : 0,
                                   .after = after ? after->size : 0};
    if (change.before == change.after)
        return;
    if (!change.symbol && !change.section)
        change.section = row_name(row);
    change.what = !before                        ? "added"
                  : !after                       ? "removed"
                  : change.after > change.before ? "grew"
                                                 : "shrank";
    *list_add(arena, &matcher->result->all) = change;
}

/* Compares without regard to the order of rows, which is no part of a name. */
static int compare_by(comparison *by, struct entry a, struct entry b)
{
    a.order = b.order = 0;
    return by(&a, &b);
}

static void keep_unmatched(struct entry_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (!list->at[i].is_matched)
            list->at[kept++] = list->at[i];
    list->count = kept;
}

static void match(struct matcher *matcher, struct entry_list *before, struct entry_list *after,
                  comparison *by)
{
    size_t b = 0, a = 0;
    if (before->count)
        qsort(before->at, before->count, sizeof *before->at, by);
    if (after->count)
        qsort(after->at, after->count, sizeof *after->at, by);
    while (b < before->count && a < after->count) {
        int order = compare_by(by, before->at[b], after->at[a]);
        if (order == 0) {
            before->at[b].is_matched = after->at[a].is_matched = true;
            add_change(matcher, &before->at[b], &after->at[a]);
        }
        b += order <= 0;
        a += order >= 0;
    }
    keep_unmatched(before);
    keep_unmatched(after);
}

static uint64_t weight(const struct report_change *change)
{
    return change->after > change->before ? change->after - change->before
                                          : change->before - change->after;
}

static int compare_changes(const void *left, const void *right)
{
    const struct report_change *a = left, *b = right;
    if (a->in_file != b->in_file)
        return a->in_file ? -1 : 1;
    if (weight(a) != weight(b))
        return weight(a) > weight(b) ? -1 : 1;
    const char *x = a->symbol ? a->symbol : a->section, *y = b->symbol ? b->symbol : b->section;
    int order = strcmp(x, y);
    if (!order && a->object && b->object)
        order = strcmp(a->object, b->object);
    return order ? order : (a->before > b->before) - (a->before < b->before);
}

static void compare_reports(struct report *report, const struct report *baseline,
                            struct arena *scratch)
{
    struct matcher matcher = {report, report->comparison};
    struct entry_list before = entries_of(baseline, scratch), after = entries_of(report, scratch);
    match(&matcher, &before, &after, compare_exactly);
    match(&matcher, &before, &after, compare_by_last_part);
    match(&matcher, &before, &after, compare_by_name);
    for (size_t i = 0; i < before.count; i++)
        add_change(&matcher, &before.at[i], NULL);
    for (size_t i = 0; i < after.count; i++)
        add_change(&matcher, NULL, &after.at[i]);
    if (report->comparison->all.count)
        qsort(report->comparison->all.at, report->comparison->all.count,
              sizeof *report->comparison->all.at, compare_changes);
}

/* Names of what was removed are the older report's: they are copied. */
static void own_names(struct report *report)
{
    for (size_t i = 0; i < report->comparison->all.count; i++) {
        struct report_change *change = &report->comparison->all.at[i];
        const char **names[] = {&change->symbol, &change->section, &change->object};
        for (size_t n = 0; n < sizeof names / sizeof *names; n++)
            if (*names[n])
                *names[n] = arena_text(&report->arena, *names[n], strlen(*names[n]));
    }
}

void compare_baseline(struct link *link)
{
    const char *path = link->set->given.baseline_path;
    struct report *report = link->report, *baseline = path ? read_report(link, path) : NULL;
    if (!baseline)
        return;
    struct arena scratch, its = baseline->arena;
    arena_open(&scratch, link->host);
    report->comparison = NEW(&report->arena, struct report_comparison);
    *report->comparison = (struct report_comparison){
        .baseline = path,
        .name = arena_text(&report->arena, baseline->name, strlen(baseline->name)),
        .size = baseline->size,
        .used = baseline->used};
    compare_reports(report, baseline, &scratch);
    own_names(report);
    arena_close(&scratch);
    arena_close(&its);
}
