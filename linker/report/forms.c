/* SPDX-License-Identifier: MIT
 *
 * What the forms of a report share: percents, differences, chains. */
#include "report/forms.h"

typedef unsigned long long number; /* as printf() takes it */

enum { CHAIN_SHOWN = 4 };

void add_margin(struct text *text, uint64_t used, uint64_t limit)
{
    text_add(text, "%llu of " BYTES ", %llu %s", (number)used, COUNT(limit),
             (number)(used > limit ? used - limit : limit - used), used > limit ? "over" : "free");
}

uint64_t per_mille(uint64_t part, uint64_t whole)
{
    bool is_large = part > UINT64_MAX / 1001 || whole > UINT64_MAX / 1001;
    return is_large ? part / (whole / 1000 + 1) : (part * 1000 + whole / 2) / whole;
}

void add_percent(struct text *text, uint64_t part, uint64_t whole)
{
    if (!whole) {
        text_add(text, "-");
        return;
    }
    uint64_t mille = per_mille(part, whole);
    text_add(text, "%llu.%llu %%", (number)(mille / 10), (number)(mille % 10));
}

void add_difference(struct text *text, uint64_t before, uint64_t after)
{
    if (after < before)
        text_add(text, "-%llu", (number)(before - after));
    else
        text_add(text, "%s%llu", after > before ? "+" : "", (number)(after - before));
}

/* ---- of a link, or of a report that was read ---- */

typedef void form(const struct report *report, struct text *text);

void prepare_report(struct link *link)
{
    if (!link->report) {
        describe_link(link);
        measure_budgets(link);
    }
    find_source_lines(link);
}

static welt_bytes write_form(struct link *link, struct arena *arena, form *write)
{
    struct text text = {.arena = arena};
    link->report->linked |= link->linked;
    write(link->report, &text);
    return text_close(&text);
}

welt_bytes report_as_text(struct link *link, struct arena *arena)
{
    return write_form(link, arena, write_text);
}

welt_bytes report_as_json(struct link *link, struct arena *arena)
{
    return write_form(link, arena, write_json);
}

welt_bytes report_as_markdown(struct link *link, struct arena *arena)
{
    return write_form(link, arena, write_markdown);
}

welt_bytes report_as_html(struct link *link, struct arena *arena)
{
    return write_form(link, arena, write_html);
}

welt_bytes report_as_csv(struct link *link, struct arena *arena)
{
    return write_form(link, arena, write_csv);
}

/* ---- chains ---- */

/* How many rows the chain has; no more than there are rows, whatever a hostile report says. */
static uint32_t chain_length(const struct report *report, uint32_t row)
{
    uint32_t length = 0;
    while (row != NONE && length < report->rows.count) {
        row = report->rows.at[row].keeper;
        length++;
    }
    return length;
}

static uint32_t keeper_above(const struct report *report, uint32_t row, uint32_t steps)
{
    while (steps--)
        row = report->rows.at[row].keeper;
    return row;
}

void add_chain(struct text *text, const struct report *report, uint32_t row)
{
    uint32_t length = chain_length(report, row);
    uint32_t top = keeper_above(report, row, length ? length - 1 : 0);
    const char *root = report->rows.at[top].root;
    if (root)
        text_add(text, "%s: ", root);
    text_add(text, NAME, shown_name(text->arena, row_name(&report->rows.at[top])));
    for (uint32_t up = length - 1; up-- > 0;) {
        if (length > CHAIN_SHOWN && up >= CHAIN_SHOWN - 2) {
            text_add(text, " > ...");
            up = CHAIN_SHOWN - 2;
            continue;
        }
        const struct report_row *its = &report->rows.at[keeper_above(report, row, up)];
        text_add(text, its->by_section ? " + " NAME : " > " NAME,
                 shown_name(text->arena, row_name(its)));
    }
}
